package testkit

import (
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"

	"go.uber.org/goleak"
)

// Main runs a package's tests, stops what they shared and then looks for
// goroutines left behind. Call it from TestMain in every package that uses
// testkit:
//
//	func TestMain(m *testing.M) { testkit.Main(m) }
func Main(m *testing.M, ignore ...goleak.Option) {
	code := m.Run()
	shared.stop()
	if code == 0 {
		if err := goleak.Find(ignore...); err != nil {
			fmt.Fprintln(os.Stderr, "testkit: goroutines left behind after all tests:", err)
			code = 1
		}
	}
	os.Exit(code)
}

// shared is what the tests of this process share. Without Main its servers still
// end with the process, and their folders are removed by the next one's start.
var shared servers

type servers struct {
	// mu guards stops.
	mu    sync.Mutex
	stops []func() error

	postgres lazy[*template]
	s3       lazy[*s3Server]
}

// lazy makes a value once, and remembers a failure as well.
type lazy[T any] struct {
	once  sync.Once
	value T
	err   error
}

func (l *lazy[T]) get(begin func() (T, error)) (T, error) {
	l.once.Do(func() { l.value, l.err = begin() })
	return l.value, l.err
}

// atEnd has a shared server stopped by Main, last started first.
func (s *servers) atEnd(stop func() error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stops = append(s.stops, stop)
}

func (s *servers) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, stop := range slices.Backward(s.stops) {
		if err := stop(); err != nil {
			fmt.Fprintln(os.Stderr, "testkit: stop a shared server:", err)
		}
	}
	s.stops = nil
}
