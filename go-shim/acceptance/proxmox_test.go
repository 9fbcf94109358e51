package acceptance

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// cluster is an emulated Proxmox VE cluster that runs until the test ends.
type cluster struct {
	Endpoint    string `json:"endpoint"`
	Fingerprint string `json:"fingerprint"`
	Token       string `json:"token"`
	Password    string `json:"password"` // of root@pam
}

func startCluster(t *testing.T, arguments ...string) *cluster {
	t.Helper()
	needEnvironment(t)
	emulator := os.Getenv("FEDIVERSITY_SANDBOX")
	if emulator == "" {
		t.Skip("FEDIVERSITY_SANDBOX names no emulator; ./dev test does")
	}
	command := exec.Command(emulator, append([]string{"--task-latency-ms", "1"}, arguments...)...)
	stdin, err := command.StdinPipe() // it runs until its standard input ends
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stdin.Close()
		_, _ = io.Copy(io.Discard, stdout)
		if err := command.Wait(); err != nil {
			t.Errorf("the emulator ended badly: %v", err)
		}
	})
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	if err != nil {
		t.Fatalf("the emulator said nothing: %v", err)
	}
	var started cluster
	if err := json.Unmarshal(line, &started); err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return &started
}

// control does to the cluster what no API of Proxmox does: see tests/emulators/proxmox/control_api.h.
func (c *cluster) control(t *testing.T, method, path, body string) []byte {
	t.Helper()
	request, err := http.NewRequest(method, c.Endpoint+"/emulator"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %s %s %v", method, path, answer.Status, content, err)
	}
	return content
}

// vm is what the cluster holds of one.
type vm struct {
	Node    string            `json:"node"`
	Running bool              `json:"running"`
	Config  map[string]string `json:"config"`
}

func (c *cluster) vms(t *testing.T) map[string]vm {
	t.Helper()
	var state struct {
		VMs map[string]vm `json:"vms"`
	}
	decoder := json.NewDecoder(bytes.NewReader(c.control(t, "GET", "/state", "")))
	if err := decoder.Decode(&state); err != nil {
		t.Fatal(err)
	}
	return state.VMs
}

func (c *cluster) config(body ...string) string {
	return c.configWith(fmt.Sprintf("api_token = %q", c.Token), body...)
}

// configAsRoot logs in with the password of root@pam, who may set what no token may.
func (c *cluster) configAsRoot(body ...string) string {
	return c.configWith(fmt.Sprintf("username = \"root@pam\", password = %q", c.Password), body...)
}

func (c *cluster) configWith(credentials string, body ...string) string {
	return configWithProvider(fmt.Sprintf("proxmox = { endpoints = [%q], %s, fingerprint = %q }",
		c.Endpoint, credentials, c.Fingerprint), body)
}
