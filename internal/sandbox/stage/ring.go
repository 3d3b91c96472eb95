package stage

// ring keeps the latest items; the oldest is overwritten. Its memory grows with
// use up to the limit.
type ring[T any] struct {
	items []T
	next  int
	limit int
}

// add appends an item and returns the one that had to go.
func (r *ring[T]) add(item T) (dropped T, full bool) {
	if len(r.items) < r.limit {
		r.items = append(r.items, item)
		return dropped, false
	}
	dropped = r.items[r.next]
	r.items[r.next] = item
	r.next = (r.next + 1) % r.limit
	return dropped, true
}

// all returns the items, oldest first.
func (r *ring[T]) all() []T {
	list := make([]T, 0, len(r.items))
	list = append(list, r.items[r.next:]...)
	return append(list, r.items[:r.next]...)
}
