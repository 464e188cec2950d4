// Package staging is the client of the staging system.
package staging

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/gorilla/websocket"
)

// Basket is what the shop says of a basket.
type Basket struct {
	Items []string `json:"items"`
	Total int      `json:"total"`
	Plan  *struct {
		Name string `json:"name"`
	} `json:"plan"`
}

// Get decodes the answer of a service into out.
func Get(service, path string, timeout time.Duration, out any) error {
	request, err := http.NewRequest("GET", os.Getenv("STAGING_"+service)+path, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+os.Getenv("STAGING_TOKEN"))
	response, err := (&http.Client{Timeout: timeout}).Do(request)
	if err != nil {
		return fmt.Errorf("%s is not there: %w", service, err)
	}
	defer response.Body.Close()
	if response.StatusCode >= 400 {
		return fmt.Errorf("GET %s: unexpected status %s", path, response.Status)
	}
	return json.NewDecoder(response.Body).Decode(out)
}

// Chat asks a question and waits until the agents are done.
func Chat(question string) error {
	header := http.Header{"Authorization": {"Bearer " + os.Getenv("STAGING_TOKEN")}}
	socket, _, err := websocket.DefaultDialer.Dial(os.Getenv("STAGING_WS"), header)
	if err != nil {
		return err
	}
	defer socket.Close()
	if err := socket.WriteJSON(map[string]string{"type": "user_message", "content": question}); err != nil {
		return err
	}
	for {
		if _, _, err := socket.ReadMessage(); err != nil {
			return err
		}
	}
}
