package shim_test

import (
	"os"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

// served are the methods that the provider answers; it answers the rest of the protocol with UNIMPLEMENTED.
var served = map[string]bool{
	"GetMetadata": true, "GetProviderSchema": true, "GetResourceIdentitySchemas": true, "GetFunctions": true,
	"ValidateProviderConfig": true, "ConfigureProvider": true, "StopProvider": true,
	"ValidateResourceConfig": true, "UpgradeResourceState": true, "UpgradeResourceIdentity": true,
	"ReadResource": true, "PlanResourceChange": true, "ApplyResourceChange": true,
	"ImportResourceState": true, "MoveResourceState": true,
	"ValidateDataResourceConfig": true, "ReadDataSource": true,
	"ValidateEphemeralResourceConfig": true, "OpenEphemeralResource": true,
	"RenewEphemeralResource": true, "CloseEphemeralResource": true, "CallFunction": true,
}

// TestEveryMethodOfTheBinary calls each method twice, through the shim and directly, and wants one answer. The requests
// are empty or name what does not exist: none of that may end the process or the RPC.
func TestEveryMethodOfTheBinary(t *testing.T) {
	binary := nativeBinary(t)
	direct := startPlugin(t, binary)
	shimmed := startPlugin(t, os.Args[0], roleVariable+"="+roleShim, "FEDIVERSITY_PROVIDER="+binary)
	for name, method := range providerMethods(t) {
		if method.IsStreamingClient() || method.IsStreamingServer() {
			continue // of these the provider serves none; see TestStreamingMethodsAreUnimplemented
		}
		t.Run(name, func(t *testing.T) {
			for what, request := range map[string]proto.Message{
				"empty":           dynamicpb.NewMessage(method.Input()),
				"of unknown type": withTypeName(method.Input(), "fediversity_no_such_thing"),
			} {
				wanted, wantedErr := call(t, direct, method, request)
				got, err := call(t, shimmed, method, request)
				if status.Code(err) != status.Code(wantedErr) || status.Convert(err).Message() != status.Convert(wantedErr).Message() {
					t.Errorf("%s: through the shim %v, directly %v", what, err, wantedErr)
				}
				if !proto.Equal(got, wanted) {
					t.Errorf("%s: through the shim\n%v\ndirectly\n%v", what, got, wanted)
				}
				code := status.Code(err)
				if served[name] && code != codes.OK {
					t.Errorf("%s: %v, want an answer", what, err)
				}
				if !served[name] && code != codes.Unimplemented {
					t.Errorf("%s: %v, want UNIMPLEMENTED", what, err)
				}
			}
		})
	}
}

func TestStreamingMethodsAreUnimplemented(t *testing.T) {
	shimmed := startPlugin(t, os.Args[0], roleVariable+"="+roleShim, "FEDIVERSITY_PROVIDER="+nativeBinary(t))
	for name, method := range providerMethods(t) {
		if !method.IsStreamingClient() && !method.IsStreamingServer() {
			continue
		}
		shape := &grpc.StreamDesc{ServerStreams: method.IsStreamingServer(), ClientStreams: method.IsStreamingClient()}
		stream, err := shimmed.NewStream(t.Context(), shape, pathOf(method), rawCall())
		if err != nil {
			t.Fatal(err)
		}
		// The provider may end the RPC before it has read the request.
		_ = stream.SendMsg(&rawMessage{})
		_ = stream.CloseSend()
		var answer rawMessage
		if err := stream.RecvMsg(&answer); status.Code(err) != codes.Unimplemented {
			t.Errorf("%s: %v, want UNIMPLEMENTED", name, err)
		}
	}
}

func TestSchemaOfTheBinary(t *testing.T) {
	shimmed := startPlugin(t, os.Args[0], roleVariable+"="+roleShim, "FEDIVERSITY_PROVIDER="+nativeBinary(t))
	method := providerMethods(t)["GetProviderSchema"]
	answer, err := call(t, shimmed, method, dynamicpb.NewMessage(method.Input()))
	if err != nil {
		t.Fatal(err)
	}
	resources := answer.ProtoReflect().Get(method.Output().Fields().ByName("resource_schemas")).Map()
	if !resources.Has(protoreflect.ValueOfString("fediversity_dns_record_set").MapKey()) {
		t.Errorf("of %d resources none is fediversity_dns_record_set", resources.Len())
	}
	if diagnostics := answer.ProtoReflect().Get(method.Output().Fields().ByName("diagnostics")).List(); diagnostics.Len() > 0 {
		t.Errorf("the schema comes with %v", diagnostics)
	}
}

func call(t *testing.T, conn grpc.ClientConnInterface, method protoreflect.MethodDescriptor, request proto.Message) (proto.Message, error) {
	t.Helper()
	answer := dynamicpb.NewMessage(method.Output())
	err := conn.Invoke(t.Context(), pathOf(method), request, answer)
	return answer, err
}

func withTypeName(input protoreflect.MessageDescriptor, name string) proto.Message {
	request := dynamicpb.NewMessage(input)
	for _, field := range []protoreflect.Name{"type_name", "target_type_name", "name"} {
		if descriptor := input.Fields().ByName(field); descriptor != nil {
			request.Set(descriptor, protoreflect.ValueOfString(name))
		}
	}
	return request
}
