// A program that knows nothing of recorders: finds vmcompute as Go programs do, by a lazily loaded library, and reads a layer to its end
// on several goroutines at once. It says what it read, so that two runs can be compared.
//
// Usage: export_client LAYER PARENT EXPORTS
package main

import (
	"fmt"
	"hash/fnv"
	"os"
	"path"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"unsafe"
)

var (
	vmcompute   = syscall.NewLazyDLL("vmcompute.dll")
	nameToGuid  = vmcompute.NewProc("NameToGuid")
	exportBegin = vmcompute.NewProc("ExportLayerBegin")
	exportNext  = vmcompute.NewProc("ExportLayerNext")
	exportRead  = vmcompute.NewProc("ExportLayerRead")
	exportEnd   = vmcompute.NewProc("ExportLayerEnd")
	freeMemory  = syscall.NewLazyDLL("ole32.dll").NewProc("CoTaskMemFree")
)

type driverInfo struct {
	flavour int32
	home    *uint16
}

type descriptor struct {
	id    [16]byte
	flags uint32
	path  *uint16
}

type basicInfo struct {
	times      [4]int64
	attributes uint32
}

func failed(result uintptr) bool { return int32(result) < 0 }

func export(layer, parent string) string {
	home, _ := syscall.UTF16PtrFromString("")
	id, _ := syscall.UTF16PtrFromString(layer)
	parentPath, _ := syscall.UTF16PtrFromString(parent)
	parentName, _ := syscall.UTF16PtrFromString(path.Base(strings.ReplaceAll(parent, `\`, "/")))
	info := driverInfo{1, home}
	parents := []descriptor{{path: parentPath}}
	if result, _, _ := nameToGuid.Call(uintptr(unsafe.Pointer(parentName)), uintptr(unsafe.Pointer(&parents[0].id))); failed(result) {
		return fmt.Sprintf("NameToGuid 0x%08x", uint32(result))
	}

	var context uintptr
	if result, _, _ := exportBegin.Call(uintptr(unsafe.Pointer(&info)), uintptr(unsafe.Pointer(id)),
		uintptr(unsafe.Pointer(&parents[0])), 1, uintptr(unsafe.Pointer(&context))); failed(result) {
		return fmt.Sprintf("ExportLayerBegin 0x%08x", uint32(result))
	}

	sum := fnv.New64a()
	entries := 0
	buffer := make([]byte, 4096)
	for {
		var name *uint16
		var basic basicInfo
		var size int64
		var deleted, got uint32
		result, _, _ := exportNext.Call(context, uintptr(unsafe.Pointer(&name)), uintptr(unsafe.Pointer(&basic)),
			uintptr(unsafe.Pointer(&size)), uintptr(unsafe.Pointer(&deleted)))
		if failed(result) {
			fmt.Fprintf(sum, "0x%08x", uint32(result))
			break
		}
		for c := name; *c != 0; c = (*uint16)(unsafe.Add(unsafe.Pointer(c), 2)) {
			sum.Write([]byte{byte(*c), byte(*c >> 8)})
		}
		freeMemory.Call(uintptr(unsafe.Pointer(name)))
		entries++
		for deleted == 0 {
			result, _, _ := exportRead.Call(context, uintptr(unsafe.Pointer(&buffer[0])), uintptr(len(buffer)), uintptr(unsafe.Pointer(&got)))
			if failed(result) || got == 0 {
				break
			}
			sum.Write(buffer[:got])
		}
	}
	result, _, _ := exportEnd.Call(context)
	return fmt.Sprintf("%d entries, %016x, end 0x%08x", entries, sum.Sum64(), uint32(result))
}

func main() {
	count, _ := strconv.Atoi(os.Args[3])
	results := make([]string, count)
	var group sync.WaitGroup
	for i := range results {
		group.Add(1)
		go func(i int) {
			defer group.Done()
			results[i] = export(os.Args[1], os.Args[2])
		}(i)
	}
	group.Wait()
	for _, result := range results {
		fmt.Println(result)
	}
	if err := vmcompute.NewProc("ExportLayerSideways").Find(); err != nil {
		fmt.Println("ExportLayerSideways: not there")
	}
}
