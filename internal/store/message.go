package store

import (
	"context"
	"math"
	"slices"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// Messages returns up to most messages of a conversation, lowest seq first. With
// after > 0 it returns those that follow that seq; otherwise those that come
// before the seq before, or the newest when before is 0.
func (s *Store) Messages(ctx context.Context, p chat.Principal, id chat.ConversationID, before, after, most int) ([]chat.Message, error) {
	var out []chat.Message
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		if err := t.seeConversation(ctx, p, id); err != nil {
			return err
		}
		rows, err := t.page(ctx, id, before, after, most)
		if err == nil && len(rows) == 0 {
			// A conversation without messages is told from none.
			_, err = t.GetConversationAlone(ctx, db.GetConversationAloneParams{OrgID: p.Org, ID: id})
		}
		if err != nil {
			return notFound(err, "conversation")
		}
		out, err = t.messages(ctx, rows)
		return err
	})
	return out, err
}

func (t *tx) page(ctx context.Context, id chat.ConversationID, before, after, most int) ([]db.MessageRow, error) {
	if after > 0 {
		return t.MessagesAfter(ctx, db.MessagesAfterParams{OrgID: t.org, ConversationID: id, AfterSeq: after, Most: int32(most)})
	}
	if before == 0 {
		before = math.MaxInt32
	}
	rows, err := t.MessagesBefore(ctx, db.MessagesBeforeParams{OrgID: t.org, ConversationID: id, BeforeSeq: before, Most: int32(most)})
	slices.Reverse(rows)
	return rows, err
}

// Message returns one message.
func (s *Store) Message(ctx context.Context, p chat.Principal, id chat.MessageID) (chat.Message, error) {
	var out chat.Message
	err := s.inOrg(ctx, p.Org, func(t *tx) error {
		if err := t.seeMessage(ctx, p, id); err != nil {
			return err
		}
		var err error
		out, err = t.message(ctx, id)
		return err
	})
	return out, err
}

func (t *tx) message(ctx context.Context, id chat.MessageID) (chat.Message, error) {
	row, err := t.GetMessage(ctx, db.GetMessageParams{OrgID: t.org, ID: id})
	if err != nil {
		return chat.Message{}, notFound(err, "message")
	}
	list, err := t.messages(ctx, []db.MessageRow{row})
	if err != nil {
		return chat.Message{}, err
	}
	return list[0], nil
}

// messages turns rows into messages and adds their files, with one query for all.
func (t *tx) messages(ctx context.Context, rows []db.MessageRow) ([]chat.Message, error) {
	out := make([]chat.Message, len(rows))
	place := map[chat.MessageID]int{}
	var withMedia []chat.MessageID
	for i, row := range rows {
		out[i] = messageOf(row)
		if carriesMedia(row.Kind) {
			place[row.ID] = i
			withMedia = append(withMedia, row.ID)
		}
	}
	if len(withMedia) == 0 {
		return out, nil
	}
	files, err := t.MediaOfMessages(ctx, db.MediaOfMessagesParams{OrgID: t.org, MessageIds: texts(withMedia)})
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		m := &out[place[f.MessageID]]
		m.Media = append(m.Media, mediaOf(f))
	}
	return out, nil
}

// carriesMedia spares the look-up of files for kinds that never have one.
func carriesMedia(kind chat.MessageKind) bool {
	switch kind {
	case chat.KindImage, chat.KindVideo, chat.KindAudio, chat.KindDocument, chat.KindSticker, chat.KindTemplate,
		chat.KindContacts:
		return true
	case chat.KindText, chat.KindLocation, chat.KindReaction, chat.KindButton, chat.KindNotice, chat.KindUnsupported,
		chat.KindNote, chat.KindTransfer:
	}
	return false
}
