package doctor

// DiskWith is Disk with the room left told by the test.
var DiskWith = disk
