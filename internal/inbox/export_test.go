package inbox

import "context"

// TakeUp is one round of KeepGoing.
func (i *Inbox) TakeUp(ctx context.Context) { i.takeUp(ctx) }
