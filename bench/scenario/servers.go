package scenario

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"converse/bench/host"
	"converse/bench/load"
	"converse/bench/ourhub"
	"converse/bench/serve"
	"converse/bench/side"
)

// servers are the processes of one side.
type servers struct {
	env     *Env
	dialect side.Dialect
	list    []*host.Child
	addrs   []string
}

// roles are the bench's own servers by the side they stand for.
var roles = map[string]string{side.Ours.Name: "ourhub", side.Peer.Name: "peer", side.Floor.Name: "floor"}

// start starts as many processes of a side as there are nodes.
func (e *Env) start(d side.Dialect, nodes int, args ...string) (*servers, error) {
	s := &servers{env: e, dialect: d}
	for n := range nodes {
		if err := s.add(roles[d.Name], append([]string{"-node", strconv.Itoa(n)}, args...)...); err != nil {
			s.stop()
			return nil, err
		}
	}
	return s, nil
}

// add starts one of the bench's servers.
func (s *servers) add(role string, args ...string) error {
	var ready serve.Ready
	child, err := host.Start(s.env.Dir, role, &ready, s.env.Self, append([]string{role}, args...)...)
	if err != nil {
		return err
	}
	s.list, s.addrs = append(s.list, child), append(s.addrs, ready.Addr)
	return nil
}

func (s *servers) stop() {
	for _, c := range s.list {
		c.Stop()
	}
}

func (s *servers) pids() []int {
	pids := make([]int, len(s.list))
	for i, c := range s.list {
		pids[i] = c.PID()
	}
	return pids
}

// err is why one of them is not running any more.
func (s *servers) err() error {
	for _, c := range s.list {
		if err := c.Err(); err != nil {
			return err
		}
	}
	return nil
}

// collect forces garbage collection until nothing more is to be had: stacks shrink
// by half each time.
func (s *servers) collect(ctx context.Context) error {
	for range 4 {
		for _, addr := range s.addrs {
			if _, err := post(ctx, "http://"+addr+"/gc"); err != nil {
				return err
			}
		}
		time.Sleep(200 * time.Millisecond)
	}
	return nil
}

// memory is what the processes hold after a forced collection, in bytes.
func (s *servers) memory(ctx context.Context) (float64, error) {
	if err := s.collect(ctx); err != nil {
		return 0, err
	}
	var sum int64
	for _, pid := range s.pids() {
		rss, err := host.RSS(pid)
		if err != nil {
			return 0, err
		}
		sum += rss
	}
	return float64(sum), nil
}

// empty waits until the servers have noticed that all sessions are gone.
func (s *servers) empty(ctx context.Context) error {
	for _, addr := range s.addrs {
		err := eventually(ctx, func() (bool, error) {
			text, err := get(ctx, "http://"+addr+"/sessions")
			return string(text) == "0", err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// register tells our servers which tickets there will be.
func (s *servers) register(tickets []ourhub.Ticket) error {
	body, err := json.Marshal(tickets)
	if err != nil {
		return err
	}
	for _, addr := range s.addrs {
		c, err := load.NewCaller(addr)
		if err != nil {
			return err
		}
		_, err = c.Post("/tickets", "", body)
		c.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// profile takes a processor profile of servers while fn runs, and what their heap
// holds right after.
func (e *Env) profile(ctx context.Context, name string, bases []string, span time.Duration, fn func() error) error {
	if e.Profile == "" {
		return nil
	}
	taken := make(chan error, len(bases))
	for i, base := range bases {
		go func() {
			taken <- save(ctx, fmt.Sprintf("%s/debug/pprof/profile?seconds=%d", base, max(int(span.Seconds()), 1)),
				filepath.Join(e.Profile, fmt.Sprintf("%s.%d.cpu.pprof", name, i)))
		}()
	}
	err := fn()
	for range bases {
		if taken := <-taken; err == nil {
			err = taken
		}
	}
	for i, base := range bases {
		if err == nil {
			err = save(ctx, base+"/debug/pprof/heap", filepath.Join(e.Profile, fmt.Sprintf("%s.%d.heap.pprof", name, i)))
		}
	}
	return err
}

func save(ctx context.Context, url, path string) error {
	data, err := get(ctx, url)
	if err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o600)
}

func get(ctx context.Context, url string) ([]byte, error)  { return ask(ctx, http.MethodGet, url) }
func post(ctx context.Context, url string) ([]byte, error) { return ask(ctx, http.MethodPost, url) }

func ask(ctx context.Context, method, url string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode/100 != 2 {
		err = fmt.Errorf("%s %s: %s", method, url, response.Status)
	}
	return body, err
}

// eventually asks until something holds, for half a minute at most.
func eventually(ctx context.Context, holds func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		ok, err := holds()
		if ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for the server: %w", ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}
