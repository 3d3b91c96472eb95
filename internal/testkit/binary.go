package testkit

import (
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// binaries are the programs that this process has built, by the flags they were
// built with.
var binaries struct {
	mu   sync.Mutex // held while building: one at a time
	done map[string]binary
}

type binary struct {
	file string
	err  error
}

// Binary builds a program of ours, such as "converse/cmd/converse", with flags for
// go build, and returns its path. A process builds each once; Main removes it.
func Binary(t testing.TB, pkg string, flags ...string) string {
	t.Helper()
	key := strings.Join(append(flags, pkg), " ")
	binaries.mu.Lock()
	defer binaries.mu.Unlock()
	b, known := binaries.done[key]
	if !known {
		b.file, b.err = build(pkg, flags)
		if binaries.done == nil {
			binaries.done = map[string]binary{}
		}
		binaries.done[key] = b
	}
	if b.err != nil {
		t.Fatalf("build the program under test: %v", b.err)
	}
	return b.file
}

func build(pkg string, flags []string) (string, error) {
	dir, remove, err := sharedFolder()
	if err != nil {
		return "", err
	}
	shared.atEnd(remove)
	if err := touchSources(pkg); err != nil {
		return "", err
	}
	file := filepath.Join(dir, path.Base(pkg))
	args := append([]string{"build", "-o", file}, flags...)
	if out, err := exec.Command("go", append(args, pkg)...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return file, nil
}

// sources lists what a program of this module is built from, a path a line.
const sources = `{{with .Module}}{{if .Main}}{{$.Dir}}{{range $.GoFiles}}
{{$.Dir}}/{{.}}{{end}}{{range $.EmbedFiles}}
{{$.Dir}}/{{.}}{{end}}
{{end}}{{end}}`

// touchSources looks at every file a program is built from. go test remembers what a
// test has looked at and runs it again when that has changed; of a program that a test
// builds it knows nothing.
func touchSources(pkg string) error {
	out, err := exec.Command("go", "list", "-deps", "-f", sources, pkg).Output()
	if err != nil {
		return fmt.Errorf("go list -deps %s: %w", pkg, err)
	}
	for file := range strings.SplitSeq(strings.TrimSpace(string(out)), "\n") {
		if file == "" {
			continue
		}
		if _, err := os.Stat(file); err != nil {
			return fmt.Errorf("look at a source: %w", err)
		}
	}
	return nil
}
