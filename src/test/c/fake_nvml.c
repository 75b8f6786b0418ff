/*
 * Plays libnvidia-ml.so.1 on the state of fake_gpus.h. Numbers, names and layouts are those of nvml.h.
 *
 * Built four times: as a driver of today; -DFAKE_D535, whose _v3 process lists have entries of 32 bytes; -DFAKE_V2, which lacks
 * the _v3 lists and the memory call that tells reserved memory apart; -DFAKE_V1, which has only the oldest lists.
 * Whoever shuts the library down while a thread waits in it ends the whole program by abort(), as a real one might.
 */
#define _GNU_SOURCE
#include "fake_gpus.h"

#include <stddef.h>

enum {
    OK = 0,
    UNINITIALIZED = 1,
    INVALID_ARGUMENT = 2,
    NOT_SUPPORTED = 3,
    NOT_FOUND = 6,
    INSUFFICIENT_SIZE = 7,
    TIMEOUT = 10,
    ARGUMENT_VERSION_MISMATCH = 25,
};

typedef struct {
    unsigned long long total, free, used;
} memory_v1;
typedef struct {
    unsigned version;
    unsigned long long total, reserved, free, used;
} memory_v2;
typedef struct {
    unsigned pid;
    unsigned long long used;
} process_v1;
typedef struct {
    unsigned pid;
    unsigned long long used;
    unsigned gi, ci;
} process_v2;
typedef struct {
    unsigned pid;
    unsigned long long used;
    unsigned gi, ci;
    unsigned long long protected;
} process_535;
typedef struct {
    char legacy[16];
    unsigned domain, bus, device, device_id, subsystem_id;
    char bus_id[32];
} pci_info;
typedef struct {
    void *device;
    unsigned long long type, data;
    unsigned gi, ci;
} event_data;
typedef struct {
    unsigned id, scope;
    long long timestamp, latency;
    unsigned type;
    int rc;
    union {
        unsigned ui;
        unsigned long long ull;
    } value;
} field_value;
typedef struct {
    unsigned gpu, memory;
} utilization;

#define SIZE(type, size) _Static_assert(sizeof(type) == (size), #type)
#define AT(type, field, offset) _Static_assert(offsetof(type, field) == (offset), #type "." #field)
SIZE(memory_v1, 24);
AT(memory_v1, free, 8);
AT(memory_v1, used, 16);
SIZE(memory_v2, 40);
AT(memory_v2, total, 8);
AT(memory_v2, reserved, 16);
AT(memory_v2, free, 24);
AT(memory_v2, used, 32);
SIZE(process_v1, 16);
AT(process_v1, used, 8);
SIZE(process_v2, 24);
AT(process_v2, used, 8);
AT(process_v2, gi, 16);
AT(process_v2, ci, 20);
SIZE(process_535, 32);
SIZE(pci_info, 68);
AT(pci_info, domain, 16);
AT(pci_info, bus_id, 36);
SIZE(event_data, 32);
AT(event_data, type, 8);
AT(event_data, data, 16);
AT(event_data, gi, 24);
AT(event_data, ci, 28);
SIZE(field_value, 40);
AT(field_value, type, 24);
AT(field_value, rc, 28);
AT(field_value, value, 32);
SIZE(utilization, 8);

#define MEMORY_V2 (sizeof(memory_v2) | 2u << 24)

static int inits;
static int waiters;
static int races;

/* Handles: the GPU's number and, of an instance, its slot. */
static void *handle_of(int gpu, int slot) {
    return (void *) (uintptr_t) (0x10000 + gpu * 256 + slot + 1);
}

static int gpu_in(const void *handle) {
    return (int) (((uintptr_t) handle - 0x10000) / 256);
}

static int slot_in(const void *handle) {
    return (int) (((uintptr_t) handle - 0x10000) % 256) - 1;
}

/* Begins a call about a device: with the lock held and the device found, or with a code and no lock. */
static int enter(const void *handle, struct gpu **found) {
    if (__atomic_load_n(&inits, __ATOMIC_SEQ_CST) == 0) {
        return UNINITIALIZED;
    }
    if (handle == NULL) {
        return INVALID_ARGUMENT;
    }
    state_begin();
    be_slow(gpu_in(handle));
    struct gpu *g = gpu_of(gpu_in(handle));
    int slot = slot_in(handle);
    int rc = state.init != 0                                         ? state.init
             : g == NULL                                             ? NOT_FOUND
             : g->rc != 0                                            ? g->rc
             : slot >= 0 && (!g->split || !g->instances[slot].there) ? NOT_FOUND
                                                                     : OK;
    if (rc != OK) {
        state_end();
        return rc;
    }
    *found = g;
    return OK;
}

static int enter_library(void) {
    if (__atomic_load_n(&inits, __ATOMIC_SEQ_CST) == 0) {
        return UNINITIALIZED;
    }
    state_begin();
    be_slow(-1);
    if (state.init != 0) {
        int rc = state.init;
        state_end();
        return rc;
    }
    return OK;
}

static int leave(int rc) {
    state_end();
    return rc;
}

#define ENTER(handle)                     \
    struct gpu *g = NULL;                 \
    int entered = enter((handle), &g);    \
    if (entered != OK) {                  \
        return entered;                   \
    }

static int copy_text(const char *text, char *into, unsigned size) {
    if (strlen(text) >= size) {
        return INSUFFICIENT_SIZE;
    }
    strcpy(into, text);
    return OK;
}

int nvmlInitWithFlags(unsigned flags) {
    (void) flags;
    state_begin();
    be_slow(-1);
    int rc = state.init;
    state_end();
    if (rc == OK) {
        __atomic_add_fetch(&inits, 1, __ATOMIC_SEQ_CST);
    }
    return rc;
}

int nvmlInit_v2(void) {
    return nvmlInitWithFlags(0);
}

int nvmlShutdown(void) {
    if (__atomic_load_n(&inits, __ATOMIC_SEQ_CST) == 0) {
        return UNINITIALIZED;
    }
    if (__atomic_sub_fetch(&inits, 1, __ATOMIC_SEQ_CST) == 0 && __atomic_load_n(&waiters, __ATOMIC_SEQ_CST) > 0) {
        fprintf(stderr, "fake NVML: shut down while a thread waits for events\n");
        abort();
    }
    return OK;
}

/* How many inits have no shutdown yet: a test's question, not NVML's. */
int fakeInits(void) {
    return __atomic_load_n(&inits, __ATOMIC_SEQ_CST);
}

const char *nvmlErrorString(int code) {
    switch (code) {
        case 0: return "Success";
        case 1: return "Uninitialized";
        case 2: return "Invalid Argument";
        case 3: return "Not Supported";
        case 4: return "Insufficient Permissions";
        case 6: return "Not Found";
        case 7: return "Insufficient Size";
        case 8: return "Insufficient External Power";
        case 9: return "Driver Not Loaded";
        case 10: return "Timeout";
        case 11: return "Interrupt Request Issue";
        case 12: return "NVML Shared Library Not Found";
        case 13: return "Function Not Found";
        case 14: return "Corrupted infoROM";
        case 15: return "GPU is lost";
        case 16: return "GPU requires reset";
        case 17: return "GPU access blocked by the operating system";
        case 18: return "Driver/library version mismatch";
        case 19: return "In use by another client";
        case 20: return "Insufficient Memory";
        case 28: return "GPU not found";
        default: return "Unknown Error";
    }
}

int nvmlSystemGetDriverVersion(char *text, unsigned size) {
    int rc = enter_library();
    return rc != OK ? rc : leave(copy_text(state.driver, text, size));
}

/* Answers without an init, as the real one does. */
int nvmlSystemGetNVMLVersion(char *text, unsigned size) {
    state_begin();
    return leave(copy_text(state.nvml, text, size));
}

int nvmlSystemGetCudaDriverVersion_v2(int *version) {
    int rc = enter_library();
    if (rc != OK) {
        return rc;
    }
    *version = 12080;
    return leave(OK);
}

int nvmlDeviceGetCount_v2(unsigned *count) {
    int rc = enter_library();
    if (rc != OK) {
        return rc;
    }
    *count = (unsigned) state.gpus;
    return leave(OK);
}

int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **handle) {
    int rc = enter_library();
    if (rc != OK) {
        return rc;
    }
    if (index >= (unsigned) state.gpus) {
        return leave(INVALID_ARGUMENT);
    }
    be_slow(state.gpu[index].number);
    if (index >= (unsigned) state.gpus) {
        return leave(NOT_FOUND);
    }
    *handle = handle_of(state.gpu[index].number, NO_SLOT);
    return leave(state.gpu[index].handle_rc != 0 ? state.gpu[index].handle_rc : OK);
}

int nvmlDeviceGetHandleByUUID(const char *uuid, void **handle) {
    int rc = enter_library();
    if (rc != OK) {
        return rc;
    }
    for (int i = 0; i < state.gpus; i++) {
        if (state.gpu[i].rc == 15) {
            return leave(15);
        }
        if (strcmp(state.gpu[i].uuid, uuid) == 0) {
            *handle = handle_of(state.gpu[i].number, NO_SLOT);
            return leave(OK);
        }
        for (int slot = 0; slot < MOST_SLOTS; slot++) {
            if (state.gpu[i].instances[slot].there && strcmp(state.gpu[i].instances[slot].uuid, uuid) == 0) {
                *handle = handle_of(state.gpu[i].number, slot);
                return leave(OK);
            }
        }
    }
    return leave(NOT_FOUND);
}

int nvmlDeviceGetIndex(void *handle, unsigned *index) {
    ENTER(handle);
    *index = (unsigned) (g - state.gpu);
    return leave(OK);
}

int nvmlDeviceGetUUID(void *handle, char *text, unsigned size) {
    ENTER(handle);
    return leave(copy_text(slot_in(handle) < 0 ? g->uuid : g->instances[slot_in(handle)].uuid, text, size));
}

int nvmlDeviceGetName(void *handle, char *text, unsigned size) {
    ENTER(handle);
    return leave(copy_text(g->name, text, size));
}

int nvmlDeviceGetMinorNumber(void *handle, unsigned *minor) {
    ENTER(handle);
    *minor = (unsigned) g->number;
    return leave(OK);
}

int nvmlDeviceGetPciInfo_v3(void *handle, pci_info *pci) {
    ENTER(handle);
    memset(pci, 0, sizeof *pci);
    snprintf(pci->bus_id, sizeof pci->bus_id, "%s", g->pci);
    return leave(OK);
}

static int memory_code(const struct gpu *g, const void *handle) {
    return g->memory_rc != 0 ? g->memory_rc : g->split && slot_in(handle) < 0 ? 4 : OK;
}

int nvmlDeviceGetMemoryInfo(void *handle, memory_v1 *memory) {
    ENTER(handle);
    int rc = memory_code(g, handle), slot = slot_in(handle);
    if (rc == OK) {
        memory->total = slot < 0 ? g->total : g->instances[slot].total;
        memory->free = free_on(g, slot);
        memory->used = memory->total - memory->free;
    }
    return leave(rc);
}

#if !defined(FAKE_V2) && !defined(FAKE_V1)
int nvmlDeviceGetMemoryInfo_v2(void *handle, memory_v2 *memory) {
    ENTER(handle);
    int rc = memory->version != MEMORY_V2 ? ARGUMENT_VERSION_MISMATCH : memory_code(g, handle), slot = slot_in(handle);
    if (rc == OK) {
        memory->total = slot < 0 ? g->total : g->instances[slot].total;
        memory->reserved = slot < 0 ? g->reserved : 0;
        memory->free = free_on(g, slot);
        memory->used = memory->total - memory->reserved - memory->free;
    }
    return leave(rc);
}
#endif

/* The lists of processes; entries of the size that the caller's version has. */
static int list(void *handle, char kind, unsigned *count, void *entries, size_t size) {
    ENTER(handle);
    if (g->processes_rc != 0) {
        return leave(g->processes_rc);
    }
    unsigned there = 0, room = *count;
    for (int i = 0; i < state.processes; i++) {
        const struct process *p = &state.process[i];
        if (p->gpu != g->number || p->kind != kind || (slot_in(handle) >= 0 && p->slot != slot_in(handle))) {
            continue;
        }
        if (entries != NULL && there < room) {
            process_535 whole = {p->pid, p->memory, UINT32_MAX, UINT32_MAX, 0};
            if (p->slot >= 0) {
                whole.gi = g->instances[p->slot].gi;
                whole.ci = g->instances[p->slot].ci;
            }
            memcpy((char *) entries + there * size, &whole, size);
        }
        there++;
    }
    *count = there;
    if (there == 0) {
        return leave(OK);
    }
    if (races < g->race) {
        races++;
        *count = room + 3;
        return leave(INSUFFICIENT_SIZE);
    }
    if (g->race == 0) {
        races = 0;
    }
    return leave(there > room || entries == NULL ? INSUFFICIENT_SIZE : OK);
}

#define LIST(suffix, type)                                                                          \
    int nvmlDeviceGetComputeRunningProcesses##suffix(void *handle, unsigned *count, type *entries) {    \
        return list(handle, 'c', count, entries, sizeof(type));                                     \
    }                                                                                               \
    int nvmlDeviceGetGraphicsRunningProcesses##suffix(void *handle, unsigned *count, type *entries) {   \
        return list(handle, 'g', count, entries, sizeof(type));                                     \
    }                                                                                               \
    int nvmlDeviceGetMPSComputeRunningProcesses##suffix(void *handle, unsigned *count, type *entries) { \
        return list(handle, 'm', count, entries, sizeof(type));                                     \
    }

#ifdef FAKE_V1
LIST(, process_v1)
#else
LIST(, process_v1)
LIST(_v2, process_v2)
#ifdef FAKE_D535
LIST(_v3, process_535)
int nvmlDeviceGetConfComputeMemSizeInfo(void *handle, void *info) {
    (void) handle;
    (void) info;
    return NOT_SUPPORTED;
}
#elif !defined(FAKE_V2)
LIST(_v3, process_v2)
int nvmlDeviceGetConfComputeMemSizeInfo(void *handle, void *info) {
    (void) handle;
    (void) info;
    return NOT_SUPPORTED;
}
int nvmlDeviceGetRunningProcessDetailList(void *handle, void *processes) {
    (void) handle;
    (void) processes;
    return NOT_SUPPORTED;
}
#endif
#endif

static int figure(void *handle, int which, unsigned *value) {
    ENTER(handle);
    int figure = which == 0 ? g->temp : which == 1 ? g->power : g->limit;
    if (figure >= 0) {
        *value = (unsigned) figure;
    }
    return leave(figure < 0 ? NOT_SUPPORTED : OK);
}

int nvmlDeviceGetTemperature(void *handle, unsigned sensor, unsigned *value) {
    (void) sensor;
    return figure(handle, 0, value);
}

int nvmlDeviceGetPowerUsage(void *handle, unsigned *value) {
    return figure(handle, 1, value);
}

int nvmlDeviceGetEnforcedPowerLimit(void *handle, unsigned *value) {
    return figure(handle, 2, value);
}

int nvmlDeviceGetUtilizationRates(void *handle, utilization *value) {
    ENTER(handle);
    if (g->util < 0 || g->split) {
        return leave(NOT_SUPPORTED);
    }
    value->gpu = (unsigned) g->util;
    value->memory = 0;
    return leave(OK);
}

int nvmlDeviceGetComputeMode(void *handle, unsigned *mode) {
    ENTER(handle);
    *mode = (unsigned) g->mode;
    return leave(OK);
}

int nvmlDeviceGetPersistenceMode(void *handle, unsigned *mode) {
    ENTER(handle);
    *mode = 1;
    return leave(OK);
}

#if !defined(FAKE_V2) && !defined(FAKE_V1)
int nvmlDeviceGetFieldValues(void *handle, int count, field_value *values) {
    ENTER(handle);
    for (int i = 0; i < count; i++) {
        values[i].type = 1;
        values[i].rc = values[i].id == 230 && g->recovery >= 0 ? OK : NOT_SUPPORTED;
        values[i].value.ull = 0;
        values[i].value.ui = (unsigned) g->recovery;
    }
    return leave(OK);
}

int nvmlDeviceGetRemappedRows(void *handle, unsigned *corrected, unsigned *uncorrected, unsigned *pending, unsigned *failed) {
    ENTER(handle);
    if (g->split || g->remap < 0) {
        return leave(NOT_SUPPORTED);
    }
    *corrected = *uncorrected = *pending = 0;
    *failed = (unsigned) g->remap;
    return leave(OK);
}
#endif

int nvmlDeviceGetMigMode(void *handle, unsigned *current, unsigned *pending) {
    ENTER(handle);
    *current = *pending = (unsigned) g->split;
    return leave(g->slots == 0 ? NOT_SUPPORTED : OK);
}

int nvmlDeviceGetMaxMigDeviceCount(void *handle, unsigned *count) {
    ENTER(handle);
    *count = (unsigned) g->slots;
    return leave(OK);
}

int nvmlDeviceGetMigDeviceHandleByIndex(void *handle, unsigned slot, void **instance) {
    ENTER(handle);
    if (slot >= (unsigned) g->slots || slot >= MOST_SLOTS) {
        return leave(INVALID_ARGUMENT);
    }
    *instance = handle_of(g->number, (int) slot);
    return leave(g->instances[slot].there ? OK : NOT_FOUND);
}

int nvmlDeviceGetDeviceHandleFromMigDeviceHandle(void *handle, void **parent) {
    ENTER(handle);
    *parent = handle_of(g->number, NO_SLOT);
    return leave(OK);
}

int nvmlDeviceGetGpuInstanceId(void *handle, unsigned *id) {
    ENTER(handle);
    if (slot_in(handle) >= 0) {
        *id = g->instances[slot_in(handle)].gi;
    }
    return leave(slot_in(handle) < 0 ? NOT_SUPPORTED : OK);
}

int nvmlDeviceGetComputeInstanceId(void *handle, unsigned *id) {
    ENTER(handle);
    if (slot_in(handle) >= 0) {
        *id = g->instances[slot_in(handle)].ci;
    }
    return leave(slot_in(handle) < 0 ? NOT_SUPPORTED : OK);
}

static const struct link *link_of(const void *one, const void *other) {
    for (int i = 0; i < state.links; i++) {
        const struct link *l = &state.link[i];
        if ((l->one == gpu_in(one) && l->other == gpu_in(other)) || (l->one == gpu_in(other) && l->other == gpu_in(one))) {
            return l;
        }
    }
    return NULL;
}

int nvmlDeviceGetTopologyCommonAncestor(void *one, void *other, unsigned *level) {
    ENTER(one);
    (void) g;
    const struct link *l = link_of(one, other);
    if (l != NULL) {
        *level = (unsigned) l->distance;
    }
    return leave(l == NULL ? NOT_SUPPORTED : OK);
}

int nvmlDeviceGetP2PStatus(void *one, void *other, int which, unsigned *status) {
    ENTER(one);
    (void) g;
    const struct link *l = link_of(one, other);
    if (l != NULL) {
        *status = which == 2 && l->nvlink ? 0 : 5;
    }
    return leave(l == NULL ? NOT_SUPPORTED : OK);
}

struct event_set {
    int gpus;
    int gpu[MOST_GPUS];
    long seen;
};

static long newest_xid(void) {
    long newest = 0;
    for (int i = 0; i < state.xids; i++) {
        newest = state.xid[i].sequence > newest ? state.xid[i].sequence : newest;
    }
    return newest;
}

int nvmlEventSetCreate(struct event_set **set) {
    int rc = enter_library();
    if (rc != OK) {
        return rc;
    }
    *set = calloc(1, sizeof **set);
    (*set)->seen = newest_xid();
    return leave(OK);
}

int nvmlEventSetFree(struct event_set *set) {
    free(set);
    return OK;
}

int nvmlDeviceGetSupportedEventTypes(void *handle, unsigned long long *mask) {
    ENTER(handle);
    *mask = (unsigned long long) g->events;
    return leave(OK);
}

int nvmlDeviceRegisterEvents(void *handle, unsigned long long mask, struct event_set *set) {
    ENTER(handle);
    if ((mask & ~(unsigned long long) g->events) != 0 || slot_in(handle) >= 0 || set->gpus == MOST_GPUS) {
        return leave(NOT_SUPPORTED);
    }
    set->gpu[set->gpus++] = g->number;
    return leave(OK);
}

static int take_event(struct event_set *set, event_data *event) {
    const struct xid *first = NULL;
    for (int i = 0; i < state.xids; i++) {
        const struct xid *x = &state.xid[i];
        int registered = 0;
        for (int k = 0; k < set->gpus; k++) {
            registered |= set->gpu[k] == x->gpu;
        }
        if (registered && x->sequence > set->seen && (first == NULL || x->sequence < first->sequence)) {
            first = x;
        }
    }
    if (first == NULL) {
        return 0;
    }
    set->seen = first->sequence;
    *event = (event_data) {handle_of(first->gpu, NO_SLOT), 8, first->code, first->gi, first->ci};
    return 1;
}

int nvmlEventSetWait_v2(struct event_set *set, event_data *event, unsigned millis) {
    if (__atomic_load_n(&inits, __ATOMIC_SEQ_CST) == 0) {
        return UNINITIALIZED;
    }
    __atomic_add_fetch(&waiters, 1, __ATOMIC_SEQ_CST);
    long until = now_millis() + (long) millis;
    int rc = TIMEOUT;
    for (;;) {
        state_begin();
        if (state.init != 0) {
            rc = state.init;
        } else if (take_event(set, event)) {
            rc = OK;
        }
        for (int i = 0; i < set->gpus && rc == TIMEOUT; i++) {
            struct gpu *g = gpu_of(set->gpu[i]);
            rc = g != NULL && g->rc == 15 ? 15 : TIMEOUT;
        }
        state_end();
        long left = until - now_millis();
        if (rc != TIMEOUT || left <= 0) {
            break;
        }
        pause_millis(left < 10 ? left : 10);
    }
    __atomic_sub_fetch(&waiters, 1, __ATOMIC_SEQ_CST);
    return rc;
}
