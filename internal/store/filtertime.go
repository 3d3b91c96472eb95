package store

import (
	"strconv"
	"strings"
	"time"

	"converse/internal/chat"
)

// moment compares a time by days, in UTC.
func (q *leadQuery) moment(c chat.Condition, column string) (condition, problem string) {
	if len(c.Values) == 0 {
		return "", cannot // it is never empty
	}
	day, problem := q.day(c.Values[0])
	if problem != "" {
		return "", problem
	}
	next := day.AddDate(0, 0, 1)
	switch c.Op {
	case chat.OpFrom:
		return column + " >= " + q.arg(day), ""
	case chat.OpUpto:
		return column + " < " + q.arg(next), ""
	case chat.OpIs:
		return "(" + column + " >= " + q.arg(day) + " and " + column + " < " + q.arg(next) + ")", ""
	case chat.OpIsNot, chat.OpBegins, chat.OpEmpty, chat.OpFilled:
	}
	return "", cannot
}

// day is a date, or so many days from today.
func (q *leadQuery) day(value string) (time.Time, string) {
	today := q.now.UTC().Truncate(24 * time.Hour)
	if days, ok := strings.CutSuffix(value, "d"); ok {
		n, err := strconv.Atoi(days)
		if err != nil || n < -36500 || n > 36500 {
			return today, "needs days such as -30d"
		}
		return today.AddDate(0, 0, n), ""
	}
	day, err := time.Parse(time.DateOnly, value)
	if err != nil {
		return today, "needs a date such as 2026-01-31"
	}
	return day, ""
}
