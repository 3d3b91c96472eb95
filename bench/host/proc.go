package host

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of processor time in /proc: USER_HZ, 100 on every Linux.
const tick = 10 * time.Millisecond

// Usage is the processor time that processes have used so far, by process id.
type Usage map[int]time.Duration

// Used reads it: user and kernel mode, all threads together. A process that is gone
// is left out.
func Used(pids ...int) Usage {
	u := Usage{}
	for _, pid := range pids {
		fields, err := stat(pid)
		if err != nil {
			continue
		}
		user, _ := strconv.ParseInt(fields[11], 10, 64) // the kernel writes numbers
		system, _ := strconv.ParseInt(fields[12], 10, 64)
		u[pid] = time.Duration(user+system) * tick
	}
	return u
}

// Since is what was used since an earlier reading, by processes old and new.
func (u Usage) Since(before Usage) time.Duration {
	var sum time.Duration
	for pid, now := range u {
		sum += now - before[pid]
	}
	return sum
}

// stat is /proc/PID/stat from the third field on; the second, the program's name,
// may hold anything but ends with the last bracket.
func stat(pid int) ([]string, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil, err
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	if len(fields) < 20 {
		return nil, fmt.Errorf("/proc/%d/stat has %d fields", pid, len(fields))
	}
	return fields, nil
}

// RSS is how much memory a process holds, in bytes.
func RSS(pid int) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseInt(strings.Fields(value)[0], 10, 64)
			return kb << 10, err
		}
	}
	return 0, fmt.Errorf("/proc/%d/status says nothing of VmRSS", pid)
}

// Family is a process and everything below it: a PostgreSQL server with a process
// for each connection, for example.
func Family(root int) []int {
	children := map[int][]int{}
	dirs, _ := filepath.Glob("/proc/[0-9]*") // the pattern is sound
	for _, dir := range dirs {
		pid, err := strconv.Atoi(filepath.Base(dir))
		if err != nil {
			continue
		}
		if fields, err := stat(pid); err == nil { // it may be gone
			parent, _ := strconv.Atoi(fields[1])
			children[parent] = append(children[parent], pid)
		}
	}
	family := []int{root}
	for i := 0; i < len(family); i++ {
		family = append(family, children[family[i]]...)
	}
	return family
}
