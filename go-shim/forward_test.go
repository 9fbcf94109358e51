package shim_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/reflect/protoreflect"

	shim "github.com/fediversity/terraform-provider-fediversity/go-shim"
)

// echoThroughShim is a host's connection to a shim process in front of a process that echoes.
func echoThroughShim(t *testing.T, env ...string) grpc.ClientConnInterface {
	t.Helper()
	return startSelf(t, roleShimBeforeEcho, env...)
}

func TestEveryMethodIsForwardedUnchanged(t *testing.T) {
	conn := echoThroughShim(t)
	for name, method := range providerMethods(t) {
		t.Run(name, func(t *testing.T) {
			// Neither valid protobuf nor valid text: nobody between the two ends may have looked.
			sent := rawMessage("\xff\xfe\x00" + name)
			shape := &grpc.StreamDesc{ServerStreams: method.IsStreamingServer(), ClientStreams: method.IsStreamingClient()}
			stream, err := conn.NewStream(t.Context(), shape, pathOf(method), rawCall())
			if err != nil {
				t.Fatal(err)
			}
			count := 1
			if method.IsStreamingClient() {
				count = 3
			}
			for range count {
				if err := stream.SendMsg(&sent); err != nil {
					t.Fatal(err)
				}
			}
			if err := stream.CloseSend(); err != nil {
				t.Fatal(err)
			}
			want := bytes.Repeat(sent, count)
			var got rawMessage
			if err := stream.RecvMsg(&got); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
			if method.IsStreamingServer() {
				for _, want := range []string{"second", "third"} {
					if err := stream.RecvMsg(&got); err != nil || string(got) != want {
						t.Errorf("got %q (%v), want %q", got, err, want)
					}
				}
				if err := stream.RecvMsg(&got); !errors.Is(err, io.EOF) {
					t.Errorf("got %v after the last message, want EOF", err)
				}
			}
		})
	}
}

func TestStatusAndDetailsArrive(t *testing.T) {
	conn := echoThroughShim(t)
	var got rawMessage
	err := conn.Invoke(t.Context(), "/tfplugin6.Provider/NoSuchMethod", &rawMessage{}, &got, rawCall())
	if status.Code(err) != codes.Unimplemented || !strings.Contains(err.Error(), "echo knows no such method") {
		t.Errorf("got %v, want UNIMPLEMENTED with the provider's own words", err)
	}
}

func TestMessagesMayBeLarge(t *testing.T) {
	conn := echoThroughShim(t)
	sent := rawMessage(bytes.Repeat([]byte("x"), 40<<20))
	var got rawMessage
	if err := conn.Invoke(t.Context(), "/tfplugin6.Provider/ReadResource", &sent, &got, rawCall()); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, sent) {
		t.Errorf("40 MiB came back as %d bytes", len(got))
	}
}

func TestMetadataTravelsBothWays(t *testing.T) {
	conn := echoThroughShim(t)
	ctx := metadata.AppendToOutgoingContext(t.Context(), "x-echo", "there")
	var header, trailer metadata.MD
	err := conn.Invoke(ctx, "/tfplugin6.Provider/ReadResource", &rawMessage{}, &rawMessage{}, rawCall(),
		grpc.Header(&header), grpc.Trailer(&trailer))
	if err != nil {
		t.Fatal(err)
	}
	if got := header.Get("x-echo-header"); len(got) != 1 || got[0] != "there" {
		t.Errorf("header: got %q", got)
	}
	if got := trailer.Get("x-echo-trailer"); len(got) != 1 || got[0] != "there" {
		t.Errorf("trailer: got %q", got)
	}
}

func TestCancellationReachesTheProvider(t *testing.T) {
	seen := filepath.Join(t.TempDir(), "cancelled")
	conn := echoThroughShim(t, "ECHO_CANCELLED="+seen)
	ctx, cancel := context.WithCancel(t.Context())
	stream, err := conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, hangMethod, rawCall())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(stream.SendMsg(&rawMessage{}), stream.CloseSend()); err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Header(); err != nil { // the provider is at work now
		t.Fatal(err)
	}
	cancel()
	waitFor(t, 10*time.Second, "the provider to see the cancellation", func() bool {
		_, err := os.Stat(seen)
		return err == nil
	})
}

func TestCallsRunAtTheSameTime(t *testing.T) {
	conn := echoThroughShim(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for range 20 { // twice as many as a host runs at once
		stream, err := conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, hangMethod, rawCall())
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(stream.SendMsg(&rawMessage{}), stream.CloseSend()); err != nil {
			t.Fatal(err)
		}
		if _, err := stream.Header(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTraceNamesEachCallAndItsSizes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "trace")
	conn := echoThroughShim(t, "SHIM_TRACE="+path)
	sent := rawMessage("12345")
	if err := conn.Invoke(t.Context(), "/tfplugin6.Provider/ReadResource", &sent, &rawMessage{}, rawCall()); err != nil {
		t.Fatal(err)
	}
	var line struct {
		Method   string
		Request  int `json:"request_bytes"`
		Response int `json:"response_bytes"`
		Code     string
	}
	// The line is written when the RPC has ended on the shim's side, which may be after the host has its answer.
	waitFor(t, 10*time.Second, "a line of the trace", func() bool {
		text, err := os.ReadFile(path)
		return err == nil && json.Unmarshal(text, &line) == nil
	})
	if line.Method != "/tfplugin6.Provider/ReadResource" || line.Request != 5 || line.Response != 5 || line.Code != "OK" {
		t.Errorf("got %+v", line)
	}
}

func TestStartNamesABinaryThatIsNoProvider(t *testing.T) {
	_, err := shim.Start(shim.Options{Binary: "/bin/echo"})
	if err == nil || !strings.Contains(err.Error(), "starting /bin/echo") {
		t.Errorf("got %v", err)
	}
}

func TestProviderEndsWithTheShim(t *testing.T) {
	ended := filepath.Join(t.TempDir(), "ended")
	provider, err := shim.Start(shim.Options{Binary: os.Args[0], Env: []string{roleVariable + "=" + roleEcho, "ECHO_ENDED=" + ended}})
	if err != nil {
		t.Fatal(err)
	}
	provider.Close()
	if _, err := os.Stat(ended); err != nil {
		t.Errorf("the provider was killed in place of asked to end: %v", err)
	}
}

func pathOf(method protoreflect.MethodDescriptor) string {
	return "/" + string(method.Parent().FullName()) + "/" + string(method.Name())
}
