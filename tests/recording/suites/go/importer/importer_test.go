package importer

import "testing"

func TestImports(t *testing.T) {
	Import()
}
