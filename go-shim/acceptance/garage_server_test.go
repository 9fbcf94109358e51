package acceptance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// garageServer is a real Garage of one node that runs until the test ends.
type garageServer struct {
	endpoint   string
	s3Endpoint string
	token      string
}

func startGarage(t *testing.T) *garageServer {
	t.Helper()
	needEnvironment(t)
	binary := os.Getenv("FEDIVERSITY_GARAGE")
	if binary == "" {
		t.Skip("FEDIVERSITY_GARAGE names no Garage; ./dev test does")
	}
	var err error
	for range 5 { // somebody else may take a port between our look and the start
		server := &garageServer{
			endpoint:   fmt.Sprintf("http://127.0.0.1:%d", freePort(t)),
			s3Endpoint: fmt.Sprintf("http://127.0.0.1:%d", freePort(t)),
			token:      randomSecret(t),
		}
		if err = server.start(t, binary); err == nil {
			server.layOut(t)
			return server
		}
	}
	t.Fatal(err)
	return nil
}

func (g *garageServer) start(t *testing.T, binary string) error {
	t.Helper()
	directory := t.TempDir()
	rpc := fmt.Sprintf("127.0.0.1:%d", freePort(t))
	config := fmt.Sprintf(`
metadata_dir = %q
data_dir = %q
db_engine = "sqlite"
metadata_fsync = false
data_fsync = false
replication_factor = 1
rpc_bind_addr = %q
rpc_public_addr = %q
rpc_secret = %q
[s3_api]
s3_region = "garage"
api_bind_addr = %q
[admin]
api_bind_addr = %q
admin_token = %q
`, filepath.Join(directory, "meta"), filepath.Join(directory, "data"), rpc, rpc, strings.Repeat("0b", 32),
		strings.TrimPrefix(g.s3Endpoint, "http://"), strings.TrimPrefix(g.endpoint, "http://"), g.token)
	file := filepath.Join(directory, "garage.toml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(binary, "-c", file, "server")
	command.Env = append(os.Environ(), "RUST_LOG=warn")
	var log bytes.Buffer
	command.Stdout, command.Stderr = &log, &log
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	t.Cleanup(func() {
		_ = command.Process.Kill()
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			t.Error("Garage did not end")
		}
	})
	for {
		select {
		case err := <-ended:
			ended <- err
			return fmt.Errorf("Garage ended: %v\n%s", err, log.String())
		case <-time.After(50 * time.Millisecond):
			if answer, err := http.Get(g.endpoint + "/health"); err == nil {
				answer.Body.Close()
				return nil
			}
		}
	}
}

// layOut makes the node one that stores something.
func (g *garageServer) layOut(t *testing.T) {
	t.Helper()
	var status struct {
		Nodes []struct {
			ID string `json:"id"`
		} `json:"nodes"`
	}
	g.call(t, "GET", "GetClusterStatus", nil, &status)
	role := map[string]any{"id": status.Nodes[0].ID, "zone": "here", "capacity": 1_000_000_000, "tags": []string{}}
	g.call(t, "POST", "UpdateClusterLayout", map[string]any{"roles": []any{role}}, nil)
	g.call(t, "POST", "ApplyClusterLayout", map[string]any{"version": 1}, nil)
}

// try makes an admin call and answers its status and body.
func (g *garageServer) try(t *testing.T, method, call string, body any) (int, []byte) {
	t.Helper()
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		content = bytes.NewReader(text)
	}
	request, err := http.NewRequest(method, g.endpoint+"/v2/"+call, content)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+g.token)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, text
}

// call makes an admin call that has to succeed and reads its answer into `into`, unless that is nil.
func (g *garageServer) call(t *testing.T, method, call string, body, into any) {
	t.Helper()
	status, text := g.try(t, method, call, body)
	if status != http.StatusOK {
		t.Fatalf("%s %s: %d %s", method, call, status, text)
	}
	if into != nil {
		if err := json.Unmarshal(text, into); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
}

// garageKey is what GetKeyInfo says of one.
type garageKey struct {
	ID         string `json:"accessKeyId"`
	Name       string `json:"name"`
	Secret     string `json:"secretAccessKey"`
	Expiration string `json:"expiration"`
	Buckets    []struct {
		ID string `json:"id"`
	} `json:"buckets"`
}

// garageBucket is what GetBucketInfo says of one.
type garageBucket struct {
	ID      string   `json:"id"`
	Aliases []string `json:"globalAliases"`
	Objects int      `json:"objects"`
	Keys    []struct {
		ID          string          `json:"accessKeyId"`
		Permissions map[string]bool `json:"permissions"`
		Names       []string        `json:"bucketLocalAliases"`
	} `json:"keys"`
}

func (g *garageServer) bucket(t *testing.T, alias string) garageBucket {
	t.Helper()
	var bucket garageBucket
	g.call(t, "GET", "GetBucketInfo?globalAlias="+alias, nil, &bucket)
	return bucket
}

func (g *garageServer) key(t *testing.T, id string) garageKey {
	t.Helper()
	var key garageKey
	g.call(t, "GET", "GetKeyInfo?showSecretKey=true&id="+id, nil, &key)
	return key
}

// makeToken makes one that may make these calls only.
func (g *garageServer) makeToken(t *testing.T, calls ...string) string {
	t.Helper()
	var made struct {
		Secret string `json:"secretToken"`
	}
	g.call(t, "POST", "CreateAdminToken", map[string]any{"name": "scoped", "scope": calls}, &made)
	return made.Secret
}

// put makes an object, by curl, which signs requests.
func (g *garageServer) put(t *testing.T, key garageKey, path, content string) {
	t.Helper()
	command := exec.Command("curl", "-sS", "--fail-with-body", "-X", "PUT", "-H", "x-amz-content-sha256: UNSIGNED-PAYLOAD",
		"--aws-sigv4", "aws:amz:garage:s3", "-K", "-", "--data-binary", content, g.s3Endpoint+path)
	command.Stdin = strings.NewReader(fmt.Sprintf("user = \"%s:%s\"\n", key.ID, key.Secret))
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
}

// left checks that nothing of ours is left but that many buckets and keys.
func (g *garageServer) left(t *testing.T, buckets, keys int) error {
	t.Helper()
	var rows []any
	g.call(t, "GET", "ListBuckets", nil, &rows)
	if len(rows) != buckets {
		return fmt.Errorf("%d buckets are left, want %d: %v", len(rows), buckets, rows)
	}
	g.call(t, "GET", "ListKeys", nil, &rows)
	if len(rows) != keys {
		return fmt.Errorf("%d keys are left, want %d: %v", len(rows), keys, rows)
	}
	return nil
}

func (g *garageServer) config(body ...string) string { return g.configWithToken(g.token, body...) }

func (g *garageServer) configWithToken(token string, body ...string) string {
	return configWithProvider(fmt.Sprintf("garage = { endpoint = %q, token = %q, s3_endpoint = %q, region = \"garage\" }",
		g.endpoint, token, g.s3Endpoint), body)
}
