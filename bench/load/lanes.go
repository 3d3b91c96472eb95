package load

import (
	"context"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"converse/bench/payload"
)

// Post hands one event over for publishing, over a lane's own connection.
type Post func(c *Caller, m payload.Mark) error

// Lanes publish side by side, each over a connection of its own and each to a
// topic in order.
type Lanes struct {
	first   int
	callers []*Caller
	post    Post
	topics  int
	seqs    [][]uint32 // by lane and topic
}

// NewLanes connects n lanes that publish to topics 0 to topics-1. Those that share
// a fleet with others need a first number of their own.
func NewLanes(addr string, first, n, topics int, post Post) (*Lanes, error) {
	l := &Lanes{first: first, post: post, topics: topics}
	for range n {
		c, err := NewCaller(addr)
		if err != nil {
			l.Close()
			return nil, err
		}
		l.callers = append(l.callers, c)
		l.seqs = append(l.seqs, make([]uint32, topics))
	}
	return l, nil
}

// Close drops the connections.
func (l *Lanes) Close() {
	for _, c := range l.callers {
		c.Close()
	}
}

func (l *Lanes) publish(lane, topic int, at time.Time) error {
	l.seqs[lane][topic]++
	return l.post(l.callers[lane], payload.Mark{
		Topic: uint16(topic), Lane: uint8(l.first + lane), Seq: l.seqs[lane][topic], At: at.UnixNano(),
	})
}

// AtRate publishes at a steady rate, to one topic after the other, for as long as
// it is told. Its clock does not wait: an event that finds no free lane is late,
// and its latency says so. It returns how many it published.
func (l *Lanes) AtRate(ctx context.Context, perSecond float64, span time.Duration) (int, error) {
	type job struct {
		topic int
		at    time.Time
	}
	total := int(perSecond * span.Seconds())
	jobs := make(chan job, total)
	group, ctx := errgroup.WithContext(ctx)
	for lane := range l.callers {
		group.Go(func() error {
			for j := range jobs {
				if err := l.publish(lane, j.topic, j.at); err != nil {
					return err
				}
			}
			return nil
		})
	}
	group.Go(func() error {
		defer close(jobs)
		begin := time.Now()
		for i := range total {
			due := begin.Add(time.Duration(float64(i) / perSecond * float64(time.Second)))
			time.Sleep(time.Until(due))
			select {
			case <-ctx.Done():
				return ctx.Err()
			case jobs <- job{i % l.topics, time.Now()}:
			}
		}
		return nil
	})
	return total, group.Wait()
}

// Saturate publishes as fast as is answered, for as long as it is told, but with
// at most window events that have not been delivered to all each of their
// subscribers. It returns how many it published.
func (l *Lanes) Saturate(ctx context.Context, f *Fleet, each, window int, span time.Duration) (int, error) {
	end := time.Now().Add(span)
	begin := f.Delivered()
	var published atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	for lane := range l.callers {
		group.Go(func() error {
			for topic := lane; time.Now().Before(end) && ctx.Err() == nil; topic += len(l.callers) {
				n := published.Add(1)
				err := f.until(func() bool {
					return n-(f.Delivered()-begin)/int64(each) <= int64(window) || ctx.Err() != nil
				})
				if err != nil {
					return err
				}
				if err := l.publish(lane, topic%l.topics, time.Now()); err != nil {
					return err
				}
			}
			return nil
		})
	}
	err := group.Wait()
	return int(published.Load()), err
}

// Round publishes a number of events to every topic, each topic's in one lane.
func (l *Lanes) Round(ctx context.Context, times int) error {
	group, ctx := errgroup.WithContext(ctx)
	for lane := range l.callers {
		group.Go(func() error {
			for topic := lane; topic < l.topics && ctx.Err() == nil; topic += len(l.callers) {
				for range times {
					if err := l.publish(lane, topic, time.Now()); err != nil {
						return err
					}
				}
			}
			return ctx.Err()
		})
	}
	return group.Wait()
}
