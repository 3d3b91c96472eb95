package stage

import (
	"crypto/sha256"
	"math/rand/v2"
	"strconv"
	"sync"
	"time"
)

// Media describes a file. The bytes are in the Library, as long as it keeps them.
type Media struct {
	// ID is the provider's id of the file; empty for one that is only a link.
	ID          string
	ContentType string
	// Name is the file name. May be empty.
	Name string
	Size int64
	// SHA256 is the file's digest; nil for a link.
	SHA256 []byte
	// Voice: recorded in the chat rather than picked as a file.
	Voice bool
	// Link is the address of a file that the business did not upload.
	Link string
	// Key is the unguessable part of the file's public address.
	Key string
	// At is when the file was added.
	At time.Time
}

// Library keeps the bytes of media, the oldest of which make room for new ones.
type Library struct {
	mu    sync.Mutex // guards the fields below
	files map[string]file
	order []string
	used  int64
	limit int64
}

type file struct {
	media Media
	data  []byte
	// from is the id of the phone that sent it; empty for a file of the business.
	from string
}

func newLibrary(limit int64) *Library {
	return &Library{files: map[string]file{}, limit: limit}
}

// Add keeps a file and returns its description, with a fresh id. The data must
// not be changed afterwards.
func (l *Library) Add(contentType, name string, data []byte) Media {
	digest := sha256.Sum256(data)
	media := Media{
		ID: newMediaID(), ContentType: contentType, Name: name, Size: int64(len(data)), SHA256: digest[:],
		Key: strconv.FormatUint(rand.Uint64(), 36), At: time.Now(),
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.files[media.ID] = file{media: media, data: data}
	l.order = append(l.order, media.ID)
	l.used += media.Size
	for l.used > l.limit && len(l.order) > 1 {
		l.remove(l.order[0])
	}
	return media
}

// Get finds a file's description.
func (l *Library) Get(id string) (Media, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f, ok := l.files[id]
	return f.media, ok
}

// Open finds a file with its bytes, which must not be changed.
func (l *Library) Open(id string) (Media, []byte, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f, ok := l.files[id]
	return f.media, f.data, ok
}

// sent notes which phone sent files.
func (l *Library) sent(files []Media, from string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, media := range files {
		if f, ok := l.files[media.ID]; ok {
			f.from = from
			l.files[media.ID] = f
		}
	}
}

// sender is the id of the phone that sent a file; empty when none did.
func (l *Library) sender(id string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.files[id].from
}

// Remove drops a file and reports whether it was there.
func (l *Library) Remove(id string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.remove(id)
}

func (l *Library) remove(id string) bool {
	f, ok := l.files[id]
	if !ok {
		return false
	}
	delete(l.files, id)
	l.used -= f.media.Size
	for i, other := range l.order {
		if other == id {
			l.order = append(l.order[:i], l.order[i+1:]...)
			break
		}
	}
	return true
}

// newMediaID makes an id in the form that Meta uses: 16 digits.
func newMediaID() string {
	return strconv.FormatUint(1e15+rand.Uint64N(9e15), 10)
}
