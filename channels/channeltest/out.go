package channeltest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"converse/channels"
)

// outCase is something done through a Doer: a channels.Outgoing in message.json,
// whose From is the account's first sender unless it says otherwise, or the
// reference of a file in media.json as {"Reference": "…"}, or an ability in
// ability.json. The bytes of a message's first file are in content.bin.
type outCase struct {
	message *channels.Outgoing
	media   *mediaReference
	ability *ability
}

type mediaReference struct{ Reference string }

// outResult is the want.json of an outgoing case: exactly one field is set.
type outResult struct {
	// Receipt: the provider took the message.
	Receipt any `json:"receipt,omitempty"`
	// Media is what FetchMedia opened.
	Media *replyText `json:"media,omitempty"`
	// Ability is what an ability returned.
	Ability any `json:"ability,omitempty"`
	// Error is a classified failure.
	Error any `json:"error,omitempty"`
	// DoerError: the Doer's own error was passed on.
	DoerError bool `json:"doer_error,omitempty"`
}

func (r *runner) checkOut(dir string) problems {
	found := onlyFiles(dir, "message.json", "content.bin", "media.json", "ability.json", "exchange.http", "want.json")
	account := r.planted
	c, err := readOutCase(dir, account)
	if err != nil {
		found.addf("%v", err)
		return found
	}
	exchanges, err := readExchanges(dir, account)
	if err != nil {
		found.addf("%v", err)
		return found
	}
	doer := &script{account: account, secrets: channels.SecretsOf(r.adapter, account), exchanges: exchanges}
	var result outResult
	switch {
	case c.ability != nil:
		result.Ability, err = r.perform(account, doer, *c.ability)
		result.Ability = show(result.Ability)
		found = append(found, leaks(account, "what an ability returned", pretty(result.Ability))...)
	case c.media != nil:
		result, err = r.fetch(account, doer, c.media.Reference)
	default:
		result, err = r.send(account, doer, *c.message, &found)
	}
	if err != nil {
		result = r.failed(account, err, &found)
	}
	found = append(found, doer.end()...)
	return append(found, r.wanted(dir, result)...)
}

func readOutCase(dir string, account channels.Account) (outCase, error) {
	var c outCase
	data, err := caseFile(dir, "media.json")
	if err == nil {
		c.media = &mediaReference{}
		return c, decodeFile(data, c.media)
	}
	if data, err = caseFile(dir, "ability.json"); err == nil {
		c.ability = &ability{}
		return c, decodeFile(data, c.ability)
	}
	data, err = caseFile(dir, "message.json")
	if err != nil {
		return c, fmt.Errorf("read the message: %w", err)
	}
	c.message = &channels.Outgoing{}
	if err := decodeFile(data, c.message); err != nil {
		return c, err
	}
	if c.message.From == (channels.AccountSender{}) {
		c.message.From = firstSender(account)
	}
	if len(c.message.Media) > 0 {
		content, err := caseFile(dir, "content.bin")
		if err != nil {
			return c, fmt.Errorf("read the file's content: %w", err)
		}
		c.message.Media[0].Open, c.message.Media[0].Size = opener(string(content)), int64(len(content))
	}
	return c, nil
}

func decodeFile(data []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("read the case's JSON: %w", err)
	}
	return nil
}

func (r *runner) send(account channels.Account, doer *script, message channels.Outgoing, found *problems) (outResult, error) {
	receipt, err := r.adapter.Send(callContext(), doer, account, message)
	if doer.calls > 1 {
		found.addf("Send made %d calls", doer.calls)
	}
	if err != nil {
		if receipt != (channels.Receipt{}) {
			found.addf("Send gave a receipt beside an error")
		}
		return outResult{}, err
	}
	if receipt.ProviderID == "" && !r.adapter.Capabilities(account).AnswersWithoutID {
		found.addf("a receipt without an id, though the capabilities promise one")
	}
	if doer.calls == 0 {
		found.addf("Send claims success without a call")
	}
	*found = append(*found, leaks(account, "the receipt", receipt.ProviderID)...)
	shown := show(receipt)
	if shown == nil {
		shown = map[string]any{}
	}
	return outResult{Receipt: shown}, nil
}

func (r *runner) fetch(account channels.Account, doer *script, reference string) (outResult, error) {
	fetcher, ok := r.adapter.(channels.MediaFetcher)
	if !ok {
		return outResult{}, errors.New("the adapter fetches no media")
	}
	response, err := fetcher.FetchMedia(callContext(), doer, account, reference)
	if err != nil {
		return outResult{}, err
	}
	body, err := io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		return outResult{}, fmt.Errorf("read the fetched file: %w", err)
	}
	return outResult{Media: &replyText{
		Status: response.StatusCode, ContentType: response.Header.Get("Content-Type"), Body: string(body),
	}}, nil
}

func (r *runner) failed(account channels.Account, err error, found *problems) outResult {
	*found = append(*found, leaks(account, "an error", err.Error())...)
	if classified, ok := errors.AsType[*channels.Error](err); ok {
		found.add("error", checkError(classified))
		*found = append(*found, leaks(account, "an error", pretty(classified))...)
		return outResult{Error: show(classified)}
	}
	if err != errDoer { //nolint:errorlint // the Doer's error is to come through as it is
		found.addf("neither the Doer's error as it is nor a classified one: %v", err)
	}
	return outResult{DoerError: true}
}
