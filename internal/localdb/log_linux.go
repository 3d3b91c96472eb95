package localdb

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// maxLog is when a start sets the old log aside; one old log is kept.
const maxLog = 8 << 20

// openLog opens PostgreSQL's log for appending and returns where this run begins.
func (f folder) openLog() (*os.File, int64, error) {
	if info, err := os.Stat(f.log()); err == nil && info.Size() > maxLog {
		if err := os.Rename(f.log(), f.log()+".1"); err != nil {
			return nil, 0, fmt.Errorf("set old log aside: %w", err)
		}
	}
	file, err := os.OpenFile(f.log(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, 0, fmt.Errorf("open log: %w", err)
	}
	begin, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		file.Close()
		return nil, 0, fmt.Errorf("open log: %w", err)
	}
	return file, begin, nil
}

// lastWords returns what the log says went wrong since the offset: its last
// complaint, or its last line.
func (f folder) lastWords(begin int64) string {
	file, err := os.Open(f.log())
	if err != nil {
		return "its log cannot be read"
	}
	defer file.Close()
	text, err := io.ReadAll(io.NewSectionReader(file, begin, maxLog))
	if err != nil {
		return "its log cannot be read"
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	for _, line := range slices.Backward(lines) {
		for _, level := range []string{"PANIC:", "FATAL:", "ERROR:", "error:"} {
			if _, words, ok := strings.Cut(line, level); ok {
				return strings.TrimSpace(words)
			}
		}
	}
	if last := strings.TrimSpace(lines[len(lines)-1]); last != "" {
		return last
	}
	return "it said nothing"
}
