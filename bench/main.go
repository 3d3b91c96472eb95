// Command bench compares the product with the centrifuge library and with the
// least that could do the same work on this machine.
//
//	go run . -converse ../bin/converse
//
// All sides are measured in one run and take turns in every repetition, each
// server in a process of its own. Processor time and memory are those of the
// server's process as the kernel counts them. All speak JSON text over websockets,
// as browsers do, and an event is 256 bytes of it. A run in which a single event
// was lost is an error, not a number.
//
// It owns nothing but the order of things; see package scenario for what is
// measured and package table for when a budget is met.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"converse/bench/baretx"
	"converse/bench/floor"
	"converse/bench/floorhook"
	"converse/bench/host"
	"converse/bench/ourhub"
	"converse/bench/peer"
	"converse/bench/scenario"
	"converse/bench/table"
)

// servers are the programs that this program is besides, by the first word of its
// command line: each side needs processes of its own.
var servers = map[string]func(args []string) error{
	"ourhub": ourhub.Main, "peer": peer.Main, "floor": floor.Main, "floorhook": floorhook.Main, "baretx": baretx.Main,
	"busy": func([]string) error { return host.KeepBusy() },
}

func main() {
	if len(os.Args) > 1 {
		if server, ok := servers[os.Args[1]]; ok {
			exit(server(os.Args[2:]))
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	err := bench(ctx)
	stop()
	exit(err)
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// errFailed says that a scenario could not be measured; the table says which.
var errFailed = errors.New("not everything could be measured")

// options are the command line.
type options struct {
	converse, json, profile string
	only                    *regexp.Regexp
	reps                    int
	quick, busy             bool
	spans                   map[string]time.Duration
}

func parse() (options, error) {
	o := options{spans: map[string]time.Duration{}}
	flag.StringVar(&o.converse, "converse", "../bin/converse", "the product's program")
	flag.StringVar(&o.json, "json", "", "file to write the report to, every value included")
	flag.StringVar(&o.profile, "profile", "", "folder for processor and heap profiles of the servers, taken after each scenario")
	only := flag.String("only", ".", "run the scenarios whose name this regular expression finds")
	flag.IntVar(&o.reps, "reps", 5, "interleaved repetitions")
	flag.BoolVar(&o.quick, "quick", false, "few repetitions and small sizes, to see that all works")
	flag.BoolVar(&o.busy, "busy", false, "keep every core busy when nobody wants it, so that its clock is steady; not where the machine's own time is rationed")
	flag.Func("span", "`scenario=duration`: how long one side is measured in one repetition; may be repeated", func(text string) error {
		name, value, _ := strings.Cut(text, "=")
		d, err := time.ParseDuration(value)
		o.spans[name] = d
		return err
	})
	flag.Parse()
	if flag.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", flag.Arg(0))
	}
	var err error
	o.only, err = regexp.Compile(*only)
	if o.quick {
		o.reps = min(o.reps, 2)
	}
	return o, err
}

// files is how many files a process has open at most: ten thousand sockets, or
// twelve thousand for three sides of B, and some.
const files = 13_000

func bench(ctx context.Context) error {
	o, err := parse()
	if err != nil {
		return err
	}
	if err := host.RaiseFiles(files); err != nil {
		return err
	}
	e, err := environment(o)
	if err != nil {
		return err
	}
	defer os.RemoveAll(e.Dir)
	defer e.Close()
	if o.busy {
		var ready struct{}
		busy, err := host.Start(e.Dir, "busy", &ready, e.Self, "busy")
		if err != nil {
			return err
		}
		defer busy.Stop()
	}
	report := table.Report{Machine: host.Describe(), At: time.Now().UTC().Truncate(time.Second), Reps: e.Reps, Quick: o.quick}
	report.Machine.PostgreSQL = postgresVersion()
	for _, s := range scenario.All() {
		if ctx.Err() == nil && o.only.MatchString(s.Name) {
			report.Rows = append(report.Rows, s.Run(ctx, e)...)
		}
	}
	return publish(report, o.json)
}

// environment makes what scenarios need: a folder that PostgreSQL's user can enter
// and this program's own path.
func environment(o options) (*scenario.Env, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	if o.profile != "" {
		if err := os.MkdirAll(o.profile, 0o755); err != nil {
			return nil, err
		}
	}
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return nil, err
	}
	converse, err := filepath.Abs(o.converse)
	if err != nil {
		return nil, err
	}
	e := &scenario.Env{
		Self: self, Converse: converse, Dir: dir, Reps: o.reps, Quick: o.quick, Spans: o.spans, Profile: o.profile,
		Tell: func(format string, args ...any) {
			fmt.Fprintf(os.Stderr, time.Now().Format("15:04:05 ")+format+"\n", args...)
		},
	}
	return e, e.Prepare()
}

// publish prints the table and writes the report. Failed rows make it an error.
func publish(r table.Report, path string) error {
	size := ""
	if r.Quick {
		size = ", quick: too small and too short for the budgets"
	}
	fmt.Printf("%s\n%d interleaved repetitions, medians%s\n\n", r.Machine, r.Reps, size)
	if err := table.Write(os.Stdout, r.Rows); err != nil {
		return err
	}
	if path != "" {
		text, err := json.MarshalIndent(r, "", "  ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(path, append(text, '\n'), 0o644); err != nil {
			return err
		}
	}
	for _, row := range r.Rows {
		if row.Err != "" {
			return errFailed
		}
	}
	return nil
}

// postgresVersion asks the newest installed server.
func postgresVersion() string {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres") // the pattern is sound
	found = append([]string{"postgres"}, found...)
	out, err := exec.Command(found[len(found)-1], "--version").Output()
	if err != nil {
		return ""
	}
	words := strings.Fields(string(out))
	return words[min(2, len(words)-1)]
}
