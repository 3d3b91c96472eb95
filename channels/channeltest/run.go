package channeltest

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"converse/channels"
)

var update = flag.Bool("update", false, "rewrite the want.json files of golden cases")

// Signer signs webhooks as the provider would.
type Signer struct {
	// Header carries the signature. A case that has it is not signed again.
	Header string
	// Sign adds all that Verify asks for. It must not change the body.
	Sign func(channels.Account, *channels.Webhook)
	// Word: the header holds a word that is the same for every body, so that a changed
	// body cannot be told.
	Word bool
}

// Option changes how Run treats an adapter.
type Option func(*runner)

// SignedBy has Run sign the webhooks of all cases and forge them in every way it knows.
func SignedBy(signer Signer) Option {
	return func(r *runner) { r.signer = &signer }
}

// runner plays cases. Its checks return what is wrong, so that they can be tested.
type runner struct {
	adapter channels.Adapter
	// account is as the test gave it; planted has canaries for secrets.
	account channels.Account
	planted channels.Account
	signer  *Signer
	update  bool
}

// Run plays the golden cases under dir, which holds the folders in and out.
func Run(t *testing.T, adapter channels.Adapter, account channels.Account, dir string, options ...Option) {
	t.Helper()
	r := newRunner(adapter, account, options...)
	r.update = *update
	for _, problem := range r.checkAdapter() {
		t.Error(problem)
	}
	for _, group := range []struct {
		name  string
		check func(dir string) problems
	}{
		{"in", r.checkIn},
		{"out", r.checkOut},
	} {
		t.Run(group.name, func(t *testing.T) {
			t.Parallel()
			for _, name := range folders(t, filepath.Join(dir, group.name)) {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					for _, problem := range group.check(filepath.Join(dir, group.name, name)) {
						t.Error(problem)
					}
				})
			}
		})
	}
}

func newRunner(adapter channels.Adapter, account channels.Account, options ...Option) *runner {
	r := &runner{adapter: adapter, account: account, planted: plant(account)}
	for _, option := range options {
		option(r)
	}
	return r
}

// checkAdapter checks what needs no case.
func (r *runner) checkAdapter() problems {
	var found problems
	if r.adapter.Kind() == "" {
		found.addf("the adapter has no kind")
	}
	listed := r.adapter.Secrets(r.planted)
	for _, name := range slices.Sorted(maps.Keys(r.planted.Secrets)) {
		if !slices.Contains(listed, r.planted.Secrets[name]) {
			found.addf("Secrets does not list %q", name)
		}
	}
	return found
}

func folders(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatalf("list the cases of %s: %v", dir, err)
	}
	var names []string
	for _, entry := range entries {
		if entry.IsDir() {
			names = append(names, entry.Name())
		}
	}
	if len(names) == 0 {
		t.Fatalf("%s holds no cases", dir)
	}
	return names
}
