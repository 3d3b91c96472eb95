package stage

// base is this sandbox's own address.
type base struct {
	address string
	// told: somebody said so, rather than a request that came in.
	told bool
}

// Base is this sandbox's own address, such as "http://127.0.0.1:8090", for links
// to media. It is empty until it was set or the first request has come.
func (s *Stage) Base() string {
	if b := s.base.Load(); b != nil {
		return b.address
	}
	return ""
}

// SetBase tells the stage its own address; an empty one leaves it to be learned.
func (s *Stage) SetBase(address string) {
	s.base.Store(&base{address: address, told: address != ""})
}

// LearnBase takes the address that a caller reached the sandbox by for its own,
// unless it was told one.
func (s *Stage) LearnBase(address string) {
	if b := s.base.Load(); b == nil || (!b.told && b.address != address) {
		s.base.CompareAndSwap(b, &base{address: address})
	}
}
