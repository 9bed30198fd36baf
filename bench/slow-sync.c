/*
 * A slow disk, for measurements: preloaded into a program (LD_PRELOAD), it lets every fsync and fdatasync do its
 * work and then waits SLOW_SYNC_US microseconds more before it returns.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>

typedef int (*sync_call)(int);

static sync_call real_fsync;
static sync_call real_fdatasync;
static struct timespec extra;

__attribute__((constructor)) static void prepare(void) {
  const char *text = getenv("SLOW_SYNC_US");
  const long microseconds = text ? atol(text) : 0;
  extra.tv_sec = microseconds / 1000000;
  extra.tv_nsec = (microseconds % 1000000) * 1000;
  real_fsync = (sync_call)dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = (sync_call)dlsym(RTLD_NEXT, "fdatasync");
}

/* The caller must see the errno of the call, not of the wait. */
static int delayed(int result) {
  const int error = errno;
  struct timespec left = extra;
  while (nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
  errno = error;
  return result;
}

int fsync(int fd) { return delayed(real_fsync(fd)); }
int fdatasync(int fd) { return delayed(real_fdatasync(fd)); }
