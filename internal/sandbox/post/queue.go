package post

// attempt is a letter at one of its tries.
type attempt struct {
	Letter
	number int
	body   []byte
	// era is the office's era when the letter was handed in; a letter of an
	// earlier one was forgotten.
	era int
}

// queue is a first-in-first-out list that gives its memory back as it empties.
type queue struct {
	items []*attempt
	head  int
}

func (q *queue) push(a *attempt) { q.items = append(q.items, a) }

func (q *queue) pop() *attempt {
	if q.head == len(q.items) {
		return nil
	}
	first := q.items[q.head]
	q.items[q.head] = nil
	q.head++
	switch {
	case q.head == len(q.items):
		q.items, q.head = q.items[:0], 0
	case q.head > 1024 && q.head > len(q.items)/2:
		q.items, q.head = append([]*attempt(nil), q.items[q.head:]...), 0
	}
	return first
}

// enqueue gives the attempt to the workers, or puts it behind its lane. The
// caller holds the lock.
func (o *Office) enqueue(a *attempt) {
	if a.Lane != 0 {
		if lane, busy := o.lanes[a.Lane]; busy {
			lane.push(a)
			return
		}
		o.lanes[a.Lane] = &queue{}
	}
	o.ready.push(a)
	o.more.Signal()
}

// take waits for an attempt; nil means that the office has closed.
func (o *Office) take() *attempt {
	o.mu.Lock()
	defer o.mu.Unlock()
	for {
		if o.closed {
			return nil
		}
		if a := o.ready.pop(); a != nil {
			return a
		}
		o.more.Wait()
	}
}

// release lets the next letter of the attempt's lane go.
func (o *Office) release(a *attempt) {
	if a.Lane == 0 {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	lane := o.lanes[a.Lane]
	if next := lane.pop(); next != nil {
		o.ready.push(next)
		o.more.Signal()
		return
	}
	delete(o.lanes, a.Lane)
}

// finish counts a letter of the present era as done.
func (o *Office) finish(a *attempt) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if a.era == o.era {
		o.open--
	}
}

// again hands a failed attempt in once more.
func (o *Office) again(a *attempt) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed || a.era != o.era {
		return
	}
	o.enqueue(a)
}
