package acceptance

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// applyAndKill runs `tofu apply`, and kills the provider, or tofu itself, as soon as the provider has `reached` what the
// test waits for.
func applyAndKill(t *testing.T, work *workspace, host bool, reached func() bool) {
	t.Helper()
	var said strings.Builder
	command := work.command("apply", "-auto-approve", "-no-color")
	command.Stdout, command.Stderr = &said, &said
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	for !reached() {
		select {
		case err := <-ended:
			t.Fatalf("tofu ended before the provider could be killed: %v\n%s", err, said.String())
		case <-time.After(10 * time.Millisecond):
		}
	}
	providers := providersOf(t, command.Process.Pid)
	victims := providers
	if host {
		victims = []int{command.Process.Pid}
	}
	for _, pid := range victims {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
	}
	if err := <-ended; err == nil {
		t.Fatalf("tofu took no notice of the kill:\n%s", said.String())
	}
	for _, pid := range providers { // without its host, a provider ends by itself
		for syscall.Kill(pid, 0) == nil && !isZombie(pid) {
			time.Sleep(10 * time.Millisecond)
		}
	}
}

// isZombie says whether a process has ended and nobody has asked how.
func isZombie(pid int) bool {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || strings.Contains(string(status), ") Z ")
}

// providersOf is what this tofu has started of ours.
func providersOf(t *testing.T, tofu int) []int {
	t.Helper()
	lists, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", tofu))
	if err != nil {
		t.Fatal(err)
	}
	var providers []int
	for _, list := range lists {
		children, err := os.ReadFile(list)
		if err != nil {
			continue // the thread has ended
		}
		for _, child := range strings.Fields(string(children)) {
			pid, err := strconv.Atoi(child)
			if err != nil {
				t.Fatal(err)
			}
			binary, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid))
			if err == nil && strings.Contains(filepath.Base(binary), "terraform-provider-fediversity") {
				providers = append(providers, pid)
			}
		}
	}
	if len(providers) == 0 {
		t.Fatal("no provider runs")
	}
	return providers
}

// holds has the emulated cluster keep such requests waiting, and answers whether one has come.
func (c *cluster) holds(t *testing.T, method, path string) func() bool {
	t.Helper()
	c.control(t, "DELETE", "/requests", "")
	c.control(t, "POST", "/faults", fmt.Sprintf(
		`{"action": "delay", "method": %q, "path": %q, "times": 1000, "delay_ms": 600000}`, method, path))
	wanted := regexp.MustCompile("^" + path + "$")
	return func() bool {
		var requests []struct{ Method, Path string }
		if err := json.Unmarshal(c.control(t, "GET", "/requests", ""), &requests); err != nil {
			t.Fatal(err)
		}
		return slices.ContainsFunc(requests, func(request struct{ Method, Path string }) bool {
			return request.Method == method && wanted.MatchString(request.Path)
		})
	}
}

func TestVMOfAKilledProviderIsFinished(t *testing.T) {
	for _, moment := range []struct{ name, method, path string }{
		{"while it is cloned", "GET", "/nodes/[^/]+/tasks/.*/status"},
		{"before it is configured", "PUT", "/nodes/[^/]+/qemu/[0-9]+/config"},
		{"before it is started", "POST", "/nodes/[^/]+/qemu/[0-9]+/status/start"},
	} {
		t.Run(moment.name, func(t *testing.T) {
			t.Parallel()
			cluster := startCluster(t)
			cluster.makeVM(t, 900, "name=nixos", "scsi0=shared:1,format=qcow2", "template=1")
			cluster.control(t, "POST", "/refresh", "")
			work := newWorkspace(t, "", map[string]string{"main.tf": cluster.config(`
resource "fediversity_proxmox_vm" "web" {
  name    = "web"
  clone   = { source = "nixos", full = true }
  memory  = { size = "1G" }
  disks   = { scsi0 = { size = "2G" } }
  started = true
}
`)})
			work.tofu(t, "init")
			applyAndKill(t, work, false, cluster.holds(t, moment.method, moment.path))
			if held := work.tofu(t, "state", "list"); strings.Contains(held, machine) {
				t.Errorf("state holds what nobody could know of: %s", held)
			}
			before := cluster.vms(t)
			cluster.control(t, "DELETE", "/faults", "")

			work.tofu(t, "apply", "-auto-approve")
			work.tofu(t, "plan", "-detailed-exitcode")
			after := cluster.vms(t)
			if len(before) != 2 || len(after) != 2 {
				t.Fatalf("there were %d VMs, and are %d", len(before), len(after))
			}
			for vmid, vm := range after {
				if vmid == "900" {
					continue
				}
				if vm.Config["smbios1"] != before[vmid].Config["smbios1"] {
					t.Errorf("VM %s is another one: %v", vmid, vm)
				}
				if !vm.Running || vm.Config["memory"] != "1024" || !strings.Contains(vm.Config["scsi0"], "size=2G") {
					t.Errorf("VM %s is not finished: %v", vmid, vm)
				}
			}
			work.tofu(t, "destroy", "-auto-approve")
			if left := cluster.vms(t); len(left) != 1 {
				t.Errorf("%d VMs are left", len(left))
			}
		})
	}
}

// swallowing is a way to a Garage on which the answers to one call never come, though it is carried out. Stopped, it hands
// on everything.
func (g *garageServer) swallowing(t *testing.T, call string) (endpoint string, carriedOut func() bool, stop func()) {
	t.Helper()
	target, err := url.Parse(g.endpoint)
	if err != nil {
		t.Fatal(err)
	}
	var done, stopped atomic.Bool
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ErrorHandler = func(writer http.ResponseWriter, _ *http.Request, _ error) {
		writer.WriteHeader(http.StatusBadGateway)
	}
	proxy.ModifyResponse = func(answer *http.Response) error {
		if stopped.Load() || answer.Request.URL.Path != "/v2/"+call {
			return nil
		}
		done.Store(true)
		<-answer.Request.Context().Done() // until whoever asked is gone
		return answer.Request.Context().Err()
	}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	t.Cleanup(server.CloseClientConnections)
	return server.URL, done.Load, func() { stopped.Store(true) }
}

func TestBucketAndKeyOfAKilledProviderAreMadeAnew(t *testing.T) {
	for _, moment := range []struct {
		call string
		host bool // tofu itself is killed, before it has got any answer: it writes state some time after one
	}{{"CreateBucket", false}, {"AddBucketAlias", false}, {"RemoveBucketAlias", false}, {"ImportKey", false}, {"CreateBucket", true}} {
		t.Run(fmt.Sprintf("%s/host=%t", moment.call, moment.host), func(t *testing.T) {
			t.Parallel()
			garage := startGarage(t)
			endpoint, carriedOut, stop := garage.swallowing(t, moment.call)
			behind := *garage
			behind.endpoint = endpoint
			work := newWorkspace(t, "", map[string]string{"main.tf": behind.config(`
resource "fediversity_garage_bucket" "site" {
  aliases = ["site"]
}
resource "fediversity_garage_key" "publisher" {
  name = "publisher"
  # One after the other, so that only one of them is in the making.
  depends_on = [fediversity_garage_bucket.site]
}
`)})
			work.tofu(t, "init")
			applyAndKill(t, work, moment.host, carriedOut)
			stop()

			work.tofu(t, "apply", "-auto-approve")
			work.tofu(t, "plan", "-detailed-exitcode")
			if err := garage.left(t, 1, 1); err != nil {
				t.Error(err)
			}
			if aliases := garage.bucket(t, "site").Aliases; len(aliases) != 1 {
				t.Errorf("the bucket is called %v", aliases)
			}
			work.tofu(t, "destroy", "-auto-approve")
			if err := garage.left(t, 0, 0); err != nil {
				t.Error(err)
			}
		})
	}
}
