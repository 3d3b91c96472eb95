package wire_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
)

// TestI8EveryTextThatLeavesSaysWhatItShows goes through every text of every message that
// the server sends. Each either has the option shows, or stands in a list in
// testdata/plain as one that shows nothing of a lead. Names of ids need no entry.
func TestI8EveryTextThatLeavesSaysWhatItShows(t *testing.T) {
	t.Parallel()
	plain := plainFields(t)
	texts := map[string]bool{}
	for _, message := range leaving() {
		for i := range message.Fields().Len() {
			f := message.Fields().Get(i)
			name := strings.TrimPrefix(string(f.FullName()), "converse.v1.")
			if shows, _ := proto.GetExtension(f.Options(), conversev1.E_Shows).(string); shows != "" {
				require.True(t, known(shows), "%s shows %q, which is no word of options.proto", name, shows)
				require.NotContains(t, plain, name, "it has the option")
				continue
			}
			if !carriesText(f) || isID(f.Name()) {
				continue
			}
			texts[name] = true
			if _, ok := plain[name]; !ok {
				t.Errorf("%s: give it the option (shows), or list it in testdata/plain if it shows nothing of a lead", name)
			}
		}
	}
	for name := range plain {
		require.True(t, texts[name], "%s is listed and is no text that leaves", name)
	}
}

// plainFields are the entries of all lists: a field each, and why.
func plainFields(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("testdata/plain/*.txt")
	require.NoError(t, err)
	out := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for line := range strings.Lines(string(text)) {
			name, why, _ := strings.Cut(strings.TrimSpace(line), " ")
			require.NotEmpty(t, why, "%s: say why %s shows nothing of a lead", file, name)
			out[name] = why
		}
	}
	return out
}

// leaving are all messages that answers, frames and errors are made of.
func leaving() []protoreflect.MessageDescriptor {
	var out []protoreflect.MessageDescriptor
	var add func(protoreflect.MessageDescriptor)
	add = func(d protoreflect.MessageDescriptor) {
		if d == nil || d.ParentFile().Package() != "converse.v1" || slices.Contains(out, d) {
			return
		}
		out = append(out, d)
		for i := range d.Fields().Len() {
			f := d.Fields().Get(i)
			if f.IsMap() {
				f = f.MapValue()
			}
			add(f.Message())
		}
	}
	add((&conversev1.ServerFrame{}).ProtoReflect().Descriptor())
	add((&conversev1.ErrorDetail{}).ProtoReflect().Descriptor())
	protoregistry.GlobalFiles.RangeFilesByPackage("converse.v1", func(file protoreflect.FileDescriptor) bool {
		for s := range file.Services().Len() {
			calls := file.Services().Get(s).Methods()
			for i := range calls.Len() {
				add(calls.Get(i).Output())
			}
		}
		return true
	})
	return out
}

func carriesText(f protoreflect.FieldDescriptor) bool {
	if f.IsMap() {
		return f.MapKey().Kind() == protoreflect.StringKind || carriesText(f.MapValue())
	}
	return f.Kind() == protoreflect.StringKind || f.Kind() == protoreflect.BytesKind
}

func isID(name protoreflect.Name) bool {
	return name == "id" || strings.HasSuffix(string(name), "_id") || strings.HasSuffix(string(name), "_ids")
}

func known(shows string) bool {
	return slices.Contains([]string{"identifier", "custom", "name", "text", "words", "raw"}, shows) || slices.Contains([]chat.LeadField{
		chat.FieldFirstName, chat.FieldLastName, chat.FieldSource, chat.FieldStage, chat.FieldOwner, chat.FieldCreatedAt, chat.FieldModifiedAt,
	}, chat.LeadField(shows))
}
