package hub_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"converse/hub"
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
)

func tick(message chat.MessageID, status chat.Status) chat.Event {
	return chat.Event{Tick: &chat.Tick{Conversation: talk, Message: message, Status: status}}
}

// told is each event in short: a message and its status, or a number.
func told(events []*conversev1.Event) []string {
	var out []string
	for _, e := range events {
		if t := e.GetTick(); t != nil {
			out = append(out, t.MessageId+" "+t.Status)
		} else {
			out = append(out, fmt.Sprint(e.GetRead().GetSeq()))
		}
	}
	return out
}

func TestTicksOfOneMessageAreOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := bubble(t, nil, hub.Options{})
		c := r.join(t, "ann", nil)
		synctest.Wait()
		r.publish(t, orgStream, tick("m", chat.StatusQueued), tick("m", chat.StatusRead), tick("n", chat.StatusSent))
		time.Sleep(40 * time.Millisecond)
		r.publish(t, orgStream, tick("m", chat.StatusDelivered), tick("n", chat.StatusFailed), tick("n", "from a newer node"))
		synctest.Wait()
		require.Empty(t, c.events(orgStream), "they wait for others")
		time.Sleep(10 * time.Millisecond)
		synctest.Wait()
		require.Equal(t, []string{"m read", "n failed", "n from a newer node"}, told(c.events(orgStream)))
		require.Regexp(t, `-6$`, c.at()[orgStream])

		r.publish(t, orgStream, tick("m", chat.StatusSent))
		time.Sleep(50 * time.Millisecond)
		synctest.Wait()
		require.Len(t, c.events(orgStream), 4, "the next burst has its own time")
	})
}

func TestOtherEventsTakeTicksAlongAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := bubble(t, nil, hub.Options{})
		c := r.join(t, "ann", nil)
		synctest.Wait()
		begin := time.Now()
		r.publish(t, orgStream, tick("m", chat.StatusSent), event(1))
		synctest.Wait()
		require.Equal(t, []string{"m sent", "1"}, told(c.events(orgStream)))
		r.publish(t, orgStream, tick("m", chat.StatusDelivered))
		synctest.Wait()
		require.Equal(t, begin, time.Now())
		require.Len(t, c.events(orgStream), 2)
		time.Sleep(50 * time.Millisecond)
		synctest.Wait()
		require.Equal(t, []string{"m sent", "1", "m delivered"}, told(c.events(orgStream)))
		require.Empty(t, c.resets())
	})
}

// Whatever comes and whenever: each message's status only rises, nothing but lower
// ticks is left out, other events keep their order, and no tick falls behind one
// that was published after it.
func TestTicksUnderAnyTraffic(t *testing.T) {
	t.Parallel()
	type step struct {
		event chat.Event
		pause time.Duration
	}
	statuses := []chat.Status{
		chat.StatusQueued, chat.StatusSending, chat.StatusUnsure, chat.StatusSent, chat.StatusFailed, chat.StatusDelivered, chat.StatusRead,
	}
	rapid.Check(t, func(rt *rapid.T) {
		numbered := 0
		steps := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) step {
			s := step{pause: time.Duration(rapid.IntRange(0, 3).Draw(rt, "pause")) * 20 * time.Millisecond}
			if rapid.IntRange(0, 4).Draw(rt, "kind") == 0 {
				s.event = event(0)
				return s
			}
			message := chat.MessageID(rapid.SampledFrom([]string{"m", "n"}).Draw(rt, "message"))
			s.event = tick(message, rapid.SampledFrom(statuses).Draw(rt, "status"))
			return s
		}), 1, 30).Draw(rt, "steps")
		highest := map[string]chat.Status{}
		before := map[string]int{} // how many other events were published before a tick
		for i, s := range steps {
			if s.event.Tick == nil {
				numbered++
				steps[i].event = event(numbered)
				continue
			}
			key := string(s.event.Tick.Message)
			highest[key] = s.event.Tick.Status.Join(highest[key])
			if at := key + " " + string(s.event.Tick.Status); before[at] < numbered {
				before[at] = numbered
			}
		}
		var got []string
		synctest.Test(t, func(t *testing.T) {
			r := bubble(t, nil, hub.Options{})
			c := r.join(t, "ann", nil)
			synctest.Wait()
			for _, s := range steps {
				r.publish(t, orgStream, s.event)
				time.Sleep(s.pause)
			}
			time.Sleep(time.Second)
			synctest.Wait()
			got = told(c.events(orgStream))
		})
		seen := map[string]chat.Status{}
		number := 0
		for _, text := range got {
			var message, status string
			if _, err := fmt.Sscanf(text, "%s %s", &message, &status); err != nil {
				number++
				if text != fmt.Sprint(number) {
					rt.Fatalf("event %s instead of %d in %v", text, number, got)
				}
				continue
			}
			if number > before[text] {
				rt.Fatalf("%q stands behind event %d, which was published after it: %v", text, number, got)
			}
			seen[message] = chat.Status(status).Join(seen[message])
		}
		if number != numbered || fmt.Sprint(seen) != fmt.Sprint(highest) {
			rt.Fatalf("got %v, up to %d, %v instead of %v", got, numbered, seen, highest)
		}
	})
}
