package rpc

import (
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
)

// right says who may make a call. What they may make it about is the room's to say.
type right struct {
	// open: it needs no sign-in; nothing else but the pace counts then.
	open bool
	// pace is how often an address may make an open call.
	pace pace
	// roles may; nil means every role.
	roles []chat.Role
	// widget: a widget's token is enough. Without it the user must have signed in
	// themselves.
	widget bool
	// enrol: a sign-in of somebody who must set up a second factor first is enough.
	enrol bool
	// key is the scope an API key needs; empty means that no key may.
	key chat.KeyScope
	// refusal is what a user of another role is told; empty means a general word.
	refusal string
}

// packageName is where our services are.
const packageName = "converse.v1"

// checkRights fails when a call of the protocol has no right, or a right no call, or an
// open one no pace.
func checkRights(table map[string]right) error {
	var missing []string
	known := map[string]bool{}
	for _, file := range []protoreflect.FileDescriptor{
		conversev1.File_converse_v1_admin_proto, conversev1.File_converse_v1_auth_proto, conversev1.File_converse_v1_connector_proto,
		conversev1.File_converse_v1_conversation_proto, conversev1.File_converse_v1_lead_proto, conversev1.File_converse_v1_media_proto,
		conversev1.File_converse_v1_template_proto,
	} {
		for i := range file.Services().Len() {
			service := file.Services().Get(i)
			for j := range service.Methods().Len() {
				name := string(service.Name()) + "/" + string(service.Methods().Get(j).Name())
				known[name] = true
				if _, ok := table[name]; !ok {
					missing = append(missing, name)
				}
			}
		}
	}
	for name, r := range table {
		if !known[name] {
			missing = append(missing, name+" (no such call)")
		}
		if r.open && r.pace == (pace{}) {
			missing = append(missing, name+" (and how often)")
		}
	}
	if len(missing) > 0 {
		slices.Sort(missing)
		return fmt.Errorf("say in rights who may call %s", strings.Join(missing, ", "))
	}
	return nil
}
