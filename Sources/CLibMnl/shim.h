// What the Netlink target sees of C: libmnl, the kernel's uapi headers, and what Swift can't see by itself.
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/genetlink.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/inet_diag.h>
#include <linux/netconf.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/veth.h>
#include <linux/wireguard.h>

// man 2 setns, man 2 unshare: hidden from Swift because Glibc's module is built without _GNU_SOURCE.
extern int setns(int fd, int nstype);
extern int unshare(int flags);

// CLONE_NEWNET of <linux/sched.h>, which can't be included beside <sched.h>.
static const int wirebuddy_CLONE_NEWNET = 0x40000000;
