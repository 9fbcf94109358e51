package shim_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/hashicorp/go-plugin"
	_ "github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server" // registers the published descriptors
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	shim "github.com/fediversity/terraform-provider-fediversity/go-shim"
)

// The test program plays three parts, each in a process of its own, told apart by this variable.
const (
	roleVariable       = "SHIM_TEST_ROLE"
	roleEcho           = "echo"             // a provider that sends back what it gets
	roleShimBeforeEcho = "shim-before-echo" // a shim that starts such a provider
	roleShim           = "shim"             // a shim that starts the binary in FEDIVERSITY_PROVIDER
)

// hangMethod sends its header and then nothing until it is cancelled.
const hangMethod = "/tfplugin6.Provider/InvokeAction"

func TestMain(m *testing.M) {
	var err error
	switch role := os.Getenv(roleVariable); role {
	case "":
		os.Exit(m.Run())
	case roleEcho:
		err = serveEcho()
	case roleShimBeforeEcho:
		err = serveShim(shim.Options{Binary: os.Args[0], Env: []string{roleVariable + "=" + roleEcho}})
	case roleShim:
		err = serveShim(shim.Options{Binary: os.Getenv("FEDIVERSITY_PROVIDER")})
	default:
		err = fmt.Errorf("no role %q", role)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serveShim(options shim.Options) error {
	if path := os.Getenv("SHIM_TRACE"); path != "" {
		file, err := os.Create(path)
		if err != nil {
			return err
		}
		options.Trace = shim.TraceTo(file)
	}
	provider, err := shim.Start(options)
	if err != nil {
		return err
	}
	defer provider.Close()
	plugin.Serve(provider.ServeConfig())
	return nil
}

func serveEcho() error {
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig:  shim.Handshake,
		VersionedPlugins: map[int]plugin.PluginSet{6: {shim.PluginName: &bareConnection{}}},
		GRPCServer: func(options []grpc.ServerOption) *grpc.Server {
			return plugin.DefaultGRPCServer(append(options,
				grpc.UnknownServiceHandler(echo), grpc.ForceServerCodecV2(rawCodec{}), grpc.MaxRecvMsgSize(1<<30)))
		},
	})
	if path := os.Getenv("ECHO_ENDED"); path != "" {
		return os.WriteFile(path, nil, 0o600)
	}
	return nil
}

func echo(_ any, stream grpc.ServerStream) error {
	path, _ := grpc.MethodFromServerStream(stream)
	var all rawMessage
	for {
		var message rawMessage
		err := stream.RecvMsg(&message)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		all = append(all, message...)
	}
	method := findMethod(path)
	if method == nil {
		return status.Error(codes.Unimplemented, "echo knows no such method")
	}
	if incoming, ok := metadata.FromIncomingContext(stream.Context()); ok {
		if err := stream.SetHeader(metadata.MD{"x-echo-header": incoming.Get("x-echo")}); err != nil {
			return err
		}
		stream.SetTrailer(metadata.MD{"x-echo-trailer": incoming.Get("x-echo")})
	}
	if path == hangMethod && len(all) == 0 {
		if err := stream.SendHeader(nil); err != nil {
			return err
		}
		<-stream.Context().Done()
		if path := os.Getenv("ECHO_CANCELLED"); path != "" {
			return os.WriteFile(path, nil, 0o600)
		}
		return stream.Context().Err()
	}
	if err := stream.SendMsg(&all); err != nil {
		return err
	}
	if method.IsStreamingServer() {
		for _, text := range []string{"second", "third"} {
			message := rawMessage(text)
			if err := stream.SendMsg(&message); err != nil {
				return err
			}
		}
	}
	return nil
}

// startSelf runs this program in another role behind go-plugin, as a host would, and connects to it.
func startSelf(t *testing.T, role string, env ...string) grpc.ClientConnInterface {
	t.Helper()
	return startPlugin(t, os.Args[0], append(env, roleVariable+"="+role)...)
}

func startPlugin(t *testing.T, binary string, env ...string) grpc.ClientConnInterface {
	t.Helper()
	command := exec.Command(binary)
	command.Env = append(os.Environ(), env...)
	client := plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig:  shim.Handshake,
		VersionedPlugins: map[int]plugin.PluginSet{6: {shim.PluginName: &bareConnection{}}},
		Cmd:              command,
		SkipHostEnv:      true,
		AutoMTLS:         true,
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		Logger:           testLogger(t),
		GRPCDialOptions:  []grpc.DialOption{grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(1 << 30))},
	})
	t.Cleanup(client.Kill)
	protocol, err := client.Client()
	if err != nil {
		t.Fatal(err)
	}
	dispensed, err := protocol.Dispense(shim.PluginName)
	if err != nil {
		t.Fatal(err)
	}
	return dispensed.(grpc.ClientConnInterface)
}

// providerMethods are all the methods of the published protocol, by name.
func providerMethods(t *testing.T) map[string]protoreflect.MethodDescriptor {
	t.Helper()
	methods := map[string]protoreflect.MethodDescriptor{}
	list := providerService().Methods()
	for i := range list.Len() {
		methods[string(list.Get(i).Name())] = list.Get(i)
	}
	if len(methods) < 36 {
		t.Fatalf("the published service has only %d methods", len(methods))
	}
	return methods
}

func providerService() protoreflect.ServiceDescriptor {
	found, err := protoregistry.GlobalFiles.FindDescriptorByName("tfplugin6.Provider")
	if err != nil {
		panic(err)
	}
	return found.(protoreflect.ServiceDescriptor)
}

func findMethod(path string) protoreflect.MethodDescriptor {
	list := providerService().Methods()
	for i := range list.Len() {
		if pathOf(list.Get(i)) == path {
			return list.Get(i)
		}
	}
	return nil
}

func waitFor(t *testing.T, limit time.Duration, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(limit); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited %v for %s", limit, what)
		}
	}
}

type rawMessage []byte

type rawCodec struct{}

func rawCall() grpc.CallOption { return grpc.ForceCodecV2(rawCodec{}) }

func (rawCodec) Name() string { return "proto" }

func (rawCodec) Marshal(value any) (mem.BufferSlice, error) {
	if message, ok := value.(*rawMessage); ok {
		return mem.BufferSlice{mem.SliceBuffer(*message)}, nil
	}
	return protoCodec().Marshal(value)
}

func (rawCodec) Unmarshal(data mem.BufferSlice, value any) error {
	if message, ok := value.(*rawMessage); ok {
		*message = data.Materialize()
		return nil
	}
	return protoCodec().Unmarshal(data, value)
}
