package acceptance

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// zone is what every server of these tests serves.
const zone = "example.org"

const zoneFile = `$TTL 3600
@      IN SOA ns1 hostmaster 1 7200 900 1209600 300
@      IN NS  ns1
ns1    IN A   192.0.2.53
`

// nameServer is a BIND of our own on a loopback port, with one key that may do everything and one that may only transfer.
type nameServer struct {
	port           int
	secret         string // of the key "tofu"
	transferSecret string // of the key "transfer"
	directory      string
}

// startNameServer runs until the test ends.
func startNameServer(t *testing.T) *nameServer {
	t.Helper()
	server := &nameServer{secret: randomSecret(t), transferSecret: randomSecret(t), directory: t.TempDir()}
	var err error
	for range 5 { // somebody else may take the port between our look and the start
		server.port = freePort(t)
		if err = server.start(t); err == nil {
			return server
		}
	}
	t.Fatal(err)
	return nil
}

func (s *nameServer) start(t *testing.T) error {
	t.Helper()
	s.write(t, "named.conf", fmt.Sprintf(`
options {
  directory %[1]q;
  listen-on port %[2]d { 127.0.0.1; };
  listen-on-v6 { none; };
  pid-file none;
  session-keyfile none;
  lock-file none;
  recursion no;
  dnssec-validation no;
  notify no;
  allow-transfer { key tofu; key transfer; };
};
controls { };
key tofu { algorithm hmac-sha256; secret %[3]q; };
key transfer { algorithm hmac-sha256; secret %[4]q; };
zone %[5]q { type primary; file "zone"; update-policy { grant tofu zonesub ANY; }; };
`, s.directory, s.port, s.secret, s.transferSecret, zone))
	s.write(t, "zone", zoneFile)

	// Run from a copy: where AppArmor guards the installed path, it could not read our directory.
	binary := filepath.Join(s.directory, "named")
	installed, err := exec.LookPath("/usr/sbin/named")
	if err != nil {
		t.Fatalf("these tests need BIND (./dev setup installs it): %v", err)
	}
	content, err := os.ReadFile(installed)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(binary, content, 0o755); err != nil {
		t.Fatal(err)
	}

	named := exec.Command(binary, "-g", "-c", filepath.Join(s.directory, "named.conf"))
	log, err := named.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := named.Start(); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	running := make(chan bool, 1)
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		lines := bufio.NewScanner(log)
		for lines.Scan() {
			fmt.Fprintln(&said, lines.Text())
			if strings.HasSuffix(lines.Text(), " running") {
				running <- true
				break
			}
		}
		_, _ = io.Copy(io.Discard, log)
	}()
	stop := func() {
		_ = named.Process.Kill()
		<-drained
		_ = named.Wait()
	}
	select {
	case <-running:
		t.Cleanup(stop)
		return nil
	case <-drained:
		stop()
	case <-time.After(30 * time.Second):
		stop()
	}
	return fmt.Errorf("named did not come up on port %d:\n%s", s.port, said.String())
}

func (s *nameServer) write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(s.directory, name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// dig answers what the server holds, one record a line in the short form.
func (s *nameServer) dig(t *testing.T, name, kind string) string {
	t.Helper()
	return s.ask(t, name, kind, "+short")
}

func (s *nameServer) ask(t *testing.T, name, kind string, options ...string) string {
	t.Helper()
	arguments := append([]string{"@127.0.0.1", "-p", strconv.Itoa(s.port), "+tcp", "+norecurse"}, options...)
	output, err := exec.Command("dig", append(arguments, name+"."+zone, kind)...).Output()
	if err != nil {
		t.Fatalf("dig %s %s: %v", name, kind, err)
	}
	return strings.TrimSpace(string(output))
}

// nsupdate changes the zone behind the provider's back.
func (s *nameServer) nsupdate(t *testing.T, commands ...string) {
	t.Helper()
	script := fmt.Sprintf("server 127.0.0.1 %d\nzone %s\n%s\nsend\n", s.port, zone, strings.Join(commands, "\n"))
	command := exec.Command("nsupdate", "-v", "-y", "hmac-sha256:tofu:"+s.secret)
	command.Stdin = strings.NewReader(script)
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("nsupdate: %v\n%s", err, output)
	}
}

func randomSecret(t *testing.T) string {
	t.Helper()
	bytes := make([]byte, 32)
	if _, err := rand.Read(bytes); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(bytes)
}

func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}
