package ringcentral

import (
	"net/http"
	"slices"

	"converse/internal/sandbox/stage"
)

// tollFree are the area codes of numbers that carry no files.
var tollFree = []string{"800", "833", "844", "855", "866", "877", "888"}

func isTollFree(address string) bool {
	return len(address) == 12 && address[:2] == "+1" && slices.Contains(tollFree, address[2:5])
}

// getUser plays the extension's own record.
func (s *Side) getUser(account *stage.Account, r *http.Request) stage.Answer {
	return answer(http.StatusOK, object{
		"uri": s.stage.Base() + r.URL.Path, "id": number(account.AccountID), "extensionNumber": "101", "name": "Sandbox User",
		"type": "User", "status": "Enabled", "account": object{"id": account.AccountID},
	})
}

// getNumbers plays the numbers that the user may use.
func (s *Side) getNumbers(account *stage.Account, r *http.Request) stage.Answer {
	records := []object{}
	for i, sender := range account.Senders {
		features := []string{"CallerId", "SmsSender", "InternationalSmsSender"}
		if !isTollFree(sender.Address) {
			features = append(features, "MmsSender")
		}
		id := number(sender.Ref)
		if id == "0" {
			id = number(string(rune('1' + i%9)))
		}
		records = append(records, object{
			"id": id, "phoneNumber": sender.Address, "label": sender.Label, "usageType": "DirectNumber",
			"paymentType": "Local", "type": "VoiceFax", "features": features,
		})
	}
	return answer(http.StatusOK, object{
		"uri": s.stage.Base() + r.URL.Path, "records": records,
		"paging": object{"page": 1, "totalPages": 1, "perPage": 1000, "totalElements": len(records)},
	})
}
