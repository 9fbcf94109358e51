// Package contract holds the project's own protocol files against the descriptors that HashiCorp's terraform-plugin-go
// registers: what is ours must be there with the same number, type and label, and what is only there is listed.
package contract

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server" // registers package tfplugin6
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
)

// renamed are messages of ours under another name than the published one: a message GetMetadata does not compile in C++.
// Names of messages are not on the wire.
var renamed = map[string]string{"GetProviderMetadata": "GetMetadata"}

// newer is what the published protocol has and our files lack, in order. terraform-plugin-go v0.31.0 calls its copy 6.11
// but has nothing beyond the 6.10 of today's hosts: Block.computed and the like of Terraform 1.16 are not in it yet.
var newer = []string{}

func TestOursIsPartOfThePublishedProtocol(t *testing.T) {
	ours, published := describe(t, ourFiles(t), renamed), describe(t, protoregistry.GlobalFiles, nil)
	if len(ours) < 400 {
		t.Fatalf("only %d lines describe our protocol", len(ours))
	}
	for name, what := range ours {
		if theirs, ok := published[name]; !ok {
			t.Errorf("%s is not in the published protocol", name)
		} else if what != theirs {
			t.Errorf("%s is %q here and %q in the published protocol", name, what, theirs)
		}
	}
	var extra []string
	for name := range published {
		if _, ok := ours[name]; !ok {
			extra = append(extra, name)
		}
	}
	slices.Sort(extra)
	if !slices.Equal(extra, newer) {
		t.Errorf("only in the published protocol:\n%s\nbut the list in this test says:\n%s",
			strings.Join(extra, "\n"), strings.Join(newer, "\n"))
	}
}

// ourFiles compiles proto/tfplugin6.proto with the protoc that the build uses.
func ourFiles(t *testing.T) *protoregistry.Files {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	set := filepath.Join(t.TempDir(), "set")
	protoc := exec.Command("protoc", "--proto_path="+root, "--include_imports", "--descriptor_set_out="+set, "proto/tfplugin6.proto")
	protoc.Dir = root
	if output, err := protoc.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	raw, err := os.ReadFile(set)
	if err != nil {
		t.Fatal(err)
	}
	var message descriptorpb.FileDescriptorSet
	if err := proto.Unmarshal(raw, &message); err != nil {
		t.Fatal(err)
	}
	files, err := protodesc.NewFiles(&message)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// describe says of each message, field, oneof, enum value and method of package tfplugin6 what matters on the wire.
func describe(t *testing.T, files *protoregistry.Files, rename map[string]string) map[string]string {
	t.Helper()
	d := describer{lines: map[string]string{}, rename: rename}
	files.RangeFilesByPackage("tfplugin6", func(file protoreflect.FileDescriptor) bool {
		d.messages(file.Messages())
		d.enums(file.Enums())
		for service := range all(file.Services()) {
			for method := range all(service.Methods()) {
				d.lines[string(method.FullName())] = fmt.Sprintf("rpc (%s, stream %t) returns (%s, stream %t)",
					d.name(method.Input()), method.IsStreamingClient(), d.name(method.Output()), method.IsStreamingServer())
			}
		}
		return true
	})
	return d.lines
}

type describer struct {
	lines  map[string]string
	rename map[string]string
}

func (d describer) messages(messages protoreflect.MessageDescriptors) {
	for message := range all(messages) {
		if message.IsMapEntry() {
			continue // described by the map field
		}
		d.lines[d.name(message)] = "message"
		for field := range all(message.Fields()) {
			d.lines[d.name(field)] = d.field(field)
		}
		d.messages(message.Messages())
		d.enums(message.Enums())
	}
}

func (d describer) enums(enums protoreflect.EnumDescriptors) {
	for enum := range all(enums) {
		d.lines[d.name(enum)] = "enum"
		for value := range all(enum.Values()) {
			d.lines[d.name(enum)+"."+string(value.Name())] = fmt.Sprint(value.Number())
		}
	}
}

func (d describer) field(field protoreflect.FieldDescriptor) string {
	if field.IsMap() {
		return fmt.Sprintf("%d map<%s, %s>", field.Number(), d.kind(field.MapKey()), d.kind(field.MapValue()))
	}
	text := fmt.Sprintf("%d %s %s", field.Number(), field.Cardinality(), d.kind(field))
	if field.HasOptionalKeyword() {
		text += ", optional"
	} else if oneof := field.ContainingOneof(); oneof != nil {
		text += fmt.Sprintf(", oneof %s", oneof.Name())
	}
	return text
}

func (d describer) kind(field protoreflect.FieldDescriptor) string {
	switch field.Kind() {
	case protoreflect.MessageKind:
		return d.name(field.Message())
	case protoreflect.EnumKind:
		return d.name(field.Enum())
	default:
		return field.Kind().String()
	}
}

// name is the published name of what `descriptor` stands for.
func (d describer) name(descriptor protoreflect.Descriptor) string {
	parts := strings.Split(string(descriptor.FullName()), ".")
	if len(parts) > 1 && parts[0] == "tfplugin6" {
		if published, ok := d.rename[parts[1]]; ok {
			parts[1] = published
		}
	}
	return strings.Join(parts, ".")
}

// all ranges over any of protoreflect's lists.
func all[T any](list interface {
	Len() int
	Get(int) T
}) func(func(T) bool) {
	return func(yield func(T) bool) {
		for i := range list.Len() {
			if !yield(list.Get(i)) {
				return
			}
		}
	}
}
