/*
 * Plays libcuda.so.1 on the state of fake_gpus.h: contexts and allocations show as memory of the calling process and end with
 * it. Result codes are those of cuda.h: 1 value, 2 memory, 3 not initialised, 46 unavailable, 100 no device, 101 bad ordinal,
 * 201 context.
 */
#define _GNU_SOURCE
#include "fake_gpus.h"

#define MOST_BLOCKS 256
#define DEFAULT_CONTEXT (300ULL << 20)

struct block {
    uint64_t address, bytes;
    int card;
};

static struct visible cards[MOST_GPUS];
static int count = -1;
static int retained[MOST_GPUS];
static struct block blocks[MOST_BLOCKS];
static uint64_t next_address = 0x7f0000000000ULL;
static __thread int current = -1;

/* With the lock. */
static void tell(void) {
    int gpu[MOST_GPUS], slot[MOST_GPUS];
    uint64_t bytes[MOST_GPUS];
    for (int i = 0; i < count; i++) {
        struct gpu *g = gpu_of(cards[i].gpu);
        gpu[i] = cards[i].gpu;
        slot[i] = cards[i].slot;
        bytes[i] = retained[i] == 0 ? 0 : g != NULL && g->context > 0 ? g->context : DEFAULT_CONTEXT;
        for (int b = 0; b < MOST_BLOCKS; b++) {
            bytes[i] += blocks[b].bytes > 0 && blocks[b].card == i ? blocks[b].bytes : 0;
        }
    }
    say_use(count, gpu, slot, bytes);
}

__attribute__((destructor)) static void leave(void) {
    if (count > 0) {
        state_begin();
        memset(retained, 0, sizeof retained);
        memset(blocks, 0, sizeof blocks);
        tell();
        state_end();
    }
}

int cuInit(unsigned flags) {
    (void) flags;
    state_begin();
    be_slow(-1);
    int rc = state.init == 18 ? 803 : state.init != 0 ? 100 : state.cuda;
    if (rc == 0 && count < 0) {
        int seen = visible_cards(cards);
        if (seen == 0) {
            rc = 100;
        } else {
            count = seen;
        }
    }
    state_end();
    return rc;
}

int cuDriverGetVersion(int *version) {
    *version = 12080;
    return 0;
}

int cuDeviceGetCount(int *devices) {
    if (count < 0) {
        return 3;
    }
    *devices = count;
    return 0;
}

int cuDeviceGet(int *device, int ordinal) {
    if (count < 0) {
        return 3;
    }
    if (ordinal < 0 || ordinal >= count) {
        return 101;
    }
    *device = ordinal;
    return 0;
}

/* The last 32 hexadecimal digits of the UUID. */
int cuDeviceGetUuid_v2(unsigned char *uuid, int device) {
    if (device < 0 || device >= count) {
        return 101;
    }
    state_begin();
    struct gpu *g = gpu_of(cards[device].gpu);
    const char *text = g == NULL ? "" : cards[device].slot == NO_SLOT ? g->uuid : g->instances[cards[device].slot].uuid;
    memset(uuid, 0, 16);
    int digit = 0;
    for (const char *c = strchr(text, '-'); c != NULL && *c != 0 && digit < 32; c++) {
        int value = *c >= '0' && *c <= '9' ? *c - '0' : *c >= 'a' && *c <= 'f' ? *c - 'a' + 10 : -1;
        if (value >= 0) {
            uuid[digit / 2] |= (unsigned char) (digit % 2 == 0 ? value << 4 : value);
            digit++;
        }
    }
    state_end();
    return 0;
}

int cuDeviceGetUuid(unsigned char *uuid, int device) {
    return cuDeviceGetUuid_v2(uuid, device);
}

int cuDeviceGetPCIBusId(char *text, int length, int device) {
    if (device < 0 || device >= count) {
        return 101;
    }
    state_begin();
    struct gpu *g = gpu_of(cards[device].gpu);
    snprintf(text, (size_t) length, "%s", g == NULL ? "" : g->pci);
    state_end();
    return 0;
}

static int is_used_by_others(int gpu) {
    for (int i = 0; i < state.processes; i++) {
        if (state.process[i].gpu == gpu && state.process[i].kind == 'c' && state.process[i].pid != (uint32_t) getpid()) {
            return 1;
        }
    }
    return 0;
}

int cuDevicePrimaryCtxRetain(void **context, int device) {
    if (device < 0 || device >= count) {
        return count < 0 ? 3 : 101;
    }
    state_begin();
    be_slow(cards[device].gpu);
    struct gpu *g = gpu_of(cards[device].gpu);
    int rc = 0;
    if (g == NULL || g->rc == 15) {
        rc = 100;
    } else if (g->cuda_rc != 0) {
        rc = g->cuda_rc;
    } else if (g->mode == 2 || (g->mode == 3 && is_used_by_others(g->number))) {
        rc = 46;
    } else if (retained[device] == 0
               && free_on(g, cards[device].slot) < (g->context > 0 ? g->context : DEFAULT_CONTEXT)) {
        rc = 2;
    } else {
        retained[device]++;
        tell();
        *context = (void *) (uintptr_t) (0x1000 + device);
    }
    state_end();
    return rc;
}

int cuDevicePrimaryCtxRelease_v2(int device) {
    if (device < 0 || device >= count || retained[device] == 0) {
        return 201;
    }
    state_begin();
    if (--retained[device] == 0) {
        for (int b = 0; b < MOST_BLOCKS; b++) {
            if (blocks[b].card == device) {
                blocks[b].bytes = 0;
            }
        }
    }
    tell();
    state_end();
    return 0;
}

int cuCtxSetCurrent(void *context) {
    int device = (int) (uintptr_t) context - 0x1000;
    if (context != NULL && (device < 0 || device >= count || retained[device] == 0)) {
        return 201;
    }
    current = context == NULL ? -1 : device;
    return 0;
}

int cuMemGetInfo_v2(size_t *free, size_t *total) {
    if (current < 0 || retained[current] == 0) {
        return 201;
    }
    state_begin();
    struct gpu *g = gpu_of(cards[current].gpu);
    int slot = cards[current].slot;
    if (g != NULL) {
        *free = free_on(g, slot);
        *total = slot == NO_SLOT ? g->total : g->instances[slot].total;
    }
    int rc = g == NULL ? 100 : g->cuda_rc;
    state_end();
    return rc;
}

int cuMemAlloc_v2(uint64_t *address, size_t bytes) {
    if (current < 0 || retained[current] == 0) {
        return 201;
    }
    state_begin();
    struct gpu *g = gpu_of(cards[current].gpu);
    int b = 0, rc = g == NULL ? 100 : g->cuda_rc;
    while (b < MOST_BLOCKS && blocks[b].bytes > 0) {
        b++;
    }
    if (rc == 0 && (bytes == 0 || b == MOST_BLOCKS)) {
        rc = 1;
    }
    if (rc == 0 && free_on(g, cards[current].slot) < bytes) {
        rc = 2;
    }
    if (rc == 0) {
        blocks[b] = (struct block) {next_address, bytes, current};
        next_address += (bytes + 0x1fffff) & ~0x1fffffULL;
        *address = blocks[b].address;
        tell();
    }
    state_end();
    return rc;
}

int cuMemFree_v2(uint64_t address) {
    state_begin();
    int rc = 1;
    for (int b = 0; b < MOST_BLOCKS; b++) {
        if (blocks[b].bytes > 0 && blocks[b].address == address) {
            blocks[b].bytes = 0;
            tell();
            rc = 0;
            break;
        }
    }
    state_end();
    return rc;
}

static const char *text_of_code(int code) {
    switch (code) {
        case 0: return "no error";
        case 1: return "invalid argument";
        case 2: return "out of memory";
        case 3: return "initialization error";
        case 46: return "CUDA-capable device(s) is/are busy or unavailable";
        case 100: return "no CUDA-capable device is detected";
        case 101: return "invalid device ordinal";
        case 201: return "invalid device context";
        case 214: return "uncorrectable ECC error encountered";
        case 802: return "system not yet initialized";
        case 803: return "system has unsupported display driver / cuda driver combination";
        default: return NULL;
    }
}

int cuGetErrorString(int code, const char **text) {
    *text = text_of_code(code);
    return *text == NULL ? 1 : 0;
}
