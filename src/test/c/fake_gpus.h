/*
 * The state that all stand-ins for hardware play: a text file that tests write, and what programs that use a card add to it.
 *
 * It lies beside the library or program that asks (file "gpus"), or where FAKE_GPUS says, and is read again on every call, under
 * a lock of threads and, where there is "gpus.lock", of processes.
 * Lines, with '~' for a blank inside of a value:
 *
 *   driver 570.86.15        nvml 12.570.86.15       init CODE        slow MILLIS      cuda CODE        smi TEXT
 *   gpu N uuid=… name=… pci=… total=B base=B reserved=B [rc= handle= memory= processes= slow= mode= recovery= remap= util= temp=
 *         power= limit= events= race= slots= context= cuda= split=0|1]
 *   mig N SLOT uuid=… gi= ci= total=B base=B
 *   proc N pid= mem=B kind=compute|graphics|mps [mig=SLOT]
 *   link N M nvlink=0|1 distance=D
 *   xid SEQUENCE N CODE [gi= ci=]
 *
 * What a program uses by the fake CUDA or by use-card lies in "gpus.procs/PID-START", one line "N SLOT BYTES"; it counts for as
 * long as that process lives, so kill -9 frees the card, as it does on a real one.
 */
#ifndef FAKE_GPUS_H
#define FAKE_GPUS_H

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MOST_GPUS 16
#define MOST_SLOTS 8
#define MOST_PROCESSES 1200
#define MOST_LINKS 128
#define MOST_XIDS 64
#define NO_SLOT (-1)

struct process {
    int gpu, slot;
    uint32_t pid;
    uint64_t memory;
    char kind; /* c, g, m */
};

struct instance {
    int there;
    char uuid[96];
    uint32_t gi, ci;
    uint64_t total, base;
};

struct gpu {
    int number;
    char uuid[96], name[96], pci[32];
    uint64_t total, base, reserved, context;
    int rc, handle_rc, memory_rc, processes_rc, cuda_rc;
    long slow;
    int mode, recovery, remap, race, split, slots;
    int util, temp, power, limit; /* -1: not supported */
    long events;
    struct instance instances[MOST_SLOTS];
};

struct link {
    int one, other, nvlink, distance;
};

struct xid {
    long sequence;
    int gpu;
    uint64_t code;
    uint32_t gi, ci;
};

struct state {
    char driver[80], nvml[80], smi[256];
    int init, cuda;
    long slow;
    int gpus, processes, links, xids;
    struct gpu gpu[MOST_GPUS];
    struct process process[MOST_PROCESSES];
    struct link link[MOST_LINKS];
    struct xid xid[MOST_XIDS];
};

static struct state state;
static pthread_mutex_t state_mutex = PTHREAD_MUTEX_INITIALIZER;
static int state_lock = -1;

static inline void state_path(char *path, size_t size, const char *suffix) {
    const char *named = getenv("FAKE_GPUS");
    if (named != NULL) {
        snprintf(path, size, "%s%s", named, suffix);
        return;
    }
    char self[PATH_MAX] = "";
#ifdef FAKE_PROGRAM
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    self[length < 0 ? 0 : length] = 0;
#else
    Dl_info info;
    if (dladdr((void *) &state, &info) != 0) {
        snprintf(self, sizeof self, "%s", info.dli_fname);
    }
#endif
    char *slash = strrchr(self, '/');
    if (slash != NULL) {
        *slash = 0;
    }
    snprintf(path, size, "%s/gpus%s", slash == NULL ? "." : self, suffix);
}

static inline const char *word(char **rest) {
    return strtok_r(NULL, " \n", rest);
}

/* Values may be decimal or hexadecimal; -1 is 2^64-1. */
static inline uint64_t value_of(const char *text) {
    return strtoull(text, NULL, 0);
}

static inline void text_of(char *into, size_t size, const char *text) {
    snprintf(into, size, "%s", text);
    for (char *c = into; *c != 0; c++) {
        if (*c == '~') {
            *c = ' ';
        }
    }
}

static inline struct gpu *gpu_of(int number) {
    for (int i = 0; i < state.gpus; i++) {
        if (state.gpu[i].number == number) {
            return &state.gpu[i];
        }
    }
    return NULL;
}

#define IS(name) (strcmp(key, name) == 0)

static inline void read_gpu(char **rest) {
    if (state.gpus == MOST_GPUS) {
        return;
    }
    struct gpu *g = &state.gpu[state.gpus];
    memset(g, 0, sizeof *g);
    const char *number = word(rest);
    if (number == NULL) {
        return;
    }
    state.gpus++;
    g->number = atoi(number);
    g->events = 0xffff;
    g->util = g->temp = g->power = g->limit = -1;
    for (char *key; (key = (char *) word(rest)) != NULL;) {
        char *value = strchr(key, '=');
        if (value == NULL) {
            continue;
        }
        *value++ = 0;
        if (IS("uuid")) text_of(g->uuid, sizeof g->uuid, value);
        else if (IS("name")) text_of(g->name, sizeof g->name, value);
        else if (IS("pci")) text_of(g->pci, sizeof g->pci, value);
        else if (IS("total")) g->total = value_of(value);
        else if (IS("base")) g->base = value_of(value);
        else if (IS("reserved")) g->reserved = value_of(value);
        else if (IS("context")) g->context = value_of(value);
        else if (IS("rc")) g->rc = atoi(value);
        else if (IS("handle")) g->handle_rc = atoi(value);
        else if (IS("memory")) g->memory_rc = atoi(value);
        else if (IS("processes")) g->processes_rc = atoi(value);
        else if (IS("cuda")) g->cuda_rc = atoi(value);
        else if (IS("slow")) g->slow = atol(value);
        else if (IS("mode")) g->mode = atoi(value);
        else if (IS("recovery")) g->recovery = atoi(value);
        else if (IS("remap")) g->remap = atoi(value);
        else if (IS("race")) g->race = atoi(value);
        else if (IS("split")) g->split = atoi(value);
        else if (IS("slots")) g->slots = atoi(value);
        else if (IS("util")) g->util = atoi(value);
        else if (IS("temp")) g->temp = atoi(value);
        else if (IS("power")) g->power = atoi(value);
        else if (IS("limit")) g->limit = atoi(value);
        else if (IS("events")) g->events = (long) value_of(value);
    }
}

static inline void read_instance(char **rest) {
    const char *number = word(rest), *slot = word(rest);
    struct gpu *g = number == NULL ? NULL : gpu_of(atoi(number));
    if (g == NULL || slot == NULL || atoi(slot) < 0 || atoi(slot) >= MOST_SLOTS) {
        return;
    }
    struct instance *m = &g->instances[atoi(slot)];
    m->there = 1;
    for (char *key; (key = (char *) word(rest)) != NULL;) {
        char *value = strchr(key, '=');
        if (value == NULL) {
            continue;
        }
        *value++ = 0;
        if (IS("uuid")) text_of(m->uuid, sizeof m->uuid, value);
        else if (IS("gi")) m->gi = (uint32_t) value_of(value);
        else if (IS("ci")) m->ci = (uint32_t) value_of(value);
        else if (IS("total")) m->total = value_of(value);
        else if (IS("base")) m->base = value_of(value);
    }
}

static inline void add_process(int gpu, int slot, uint32_t pid, uint64_t memory, char kind) {
    if (state.processes < MOST_PROCESSES) {
        state.process[state.processes++] = (struct process) {gpu, slot, pid, memory, kind};
    }
}

static inline void read_process(char **rest) {
    const char *number = word(rest);
    struct process p = {number == NULL ? -1 : atoi(number), NO_SLOT, 0, 0, 'c'};
    for (char *key; (key = (char *) word(rest)) != NULL;) {
        char *value = strchr(key, '=');
        if (value == NULL) {
            continue;
        }
        *value++ = 0;
        if (IS("pid")) p.pid = (uint32_t) value_of(value);
        else if (IS("mem")) p.memory = value_of(value);
        else if (IS("kind")) p.kind = value[0];
        else if (IS("mig")) p.slot = atoi(value);
    }
    add_process(p.gpu, p.slot, p.pid, p.memory, p.kind);
}

static inline void read_link(char **rest) {
    const char *one = word(rest), *other = word(rest);
    if (other == NULL || state.links == MOST_LINKS) {
        return;
    }
    struct link *l = &state.link[state.links++];
    *l = (struct link) {atoi(one), atoi(other), 0, 50};
    for (char *key; (key = (char *) word(rest)) != NULL;) {
        char *value = strchr(key, '=');
        if (value == NULL) {
            continue;
        }
        *value++ = 0;
        if (IS("nvlink")) l->nvlink = atoi(value);
        else if (IS("distance")) l->distance = atoi(value);
    }
}

static inline void read_xid(char **rest) {
    const char *sequence = word(rest), *number = word(rest), *code = word(rest);
    if (code == NULL || state.xids == MOST_XIDS) {
        return;
    }
    struct xid *x = &state.xid[state.xids++];
    *x = (struct xid) {atol(sequence), atoi(number), value_of(code), UINT32_MAX, UINT32_MAX};
    for (char *key; (key = (char *) word(rest)) != NULL;) {
        char *value = strchr(key, '=');
        if (value == NULL) {
            continue;
        }
        *value++ = 0;
        if (IS("gi")) x->gi = (uint32_t) value_of(value);
        else if (IS("ci")) x->ci = (uint32_t) value_of(value);
    }
}

/* In ticks since boot; 0 when no such process lives. A zombie has nothing on a card any more. */
static inline unsigned long long started(int pid) {
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return 0;
    }
    ssize_t length = read(fd, text, sizeof text - 1);
    close(fd);
    text[length < 0 ? 0 : length] = 0;
    char *end = strrchr(text, ')'), mode = 0;
    unsigned long long ticks = 0;
    if (end == NULL
        || sscanf(
                   end + 2,
                   "%c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
                   &mode,
                   &ticks)
                != 2
        || mode == 'Z' || mode == 'X') {
        return 0;
    }
    return ticks;
}

static inline void read_users(void) {
    char path[PATH_MAX], file[PATH_MAX + NAME_MAX + 2];
    state_path(path, sizeof path, ".procs");
    DIR *dir = opendir(path);
    if (dir == NULL) {
        return;
    }
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        int pid, gpu, slot;
        unsigned long long start, bytes;
        if (sscanf(entry->d_name, "%d-%llu", &pid, &start) != 2) {
            continue;
        }
        snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
        if (started(pid) != start) {
            unlink(file);
            continue;
        }
        FILE *lines = fopen(file, "re");
        while (lines != NULL && fscanf(lines, "%d %d %llu", &gpu, &slot, &bytes) == 3) {
            add_process(gpu, slot, (uint32_t) pid, bytes, 'c');
        }
        if (lines != NULL) {
            fclose(lines);
        }
    }
    closedir(dir);
}

/* Takes the lock, of threads and of processes, and reads all anew; 0 where there is no state to play. */
static inline int state_begin(void) {
    char path[PATH_MAX], line[1024];
    pthread_mutex_lock(&state_mutex);
    state_path(path, sizeof path, ".lock");
    state_lock = open(path, O_RDWR | O_CLOEXEC);
    while (state_lock >= 0 && flock(state_lock, LOCK_EX) != 0 && errno == EINTR) {
    }
    memset(&state, 0, sizeof state);
    snprintf(state.driver, sizeof state.driver, "570.86.15");
    snprintf(state.nvml, sizeof state.nvml, "12.570.86.15");
    state_path(path, sizeof path, "");
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        state.init = 9;
        return 0;
    }
    while (fgets(line, sizeof line, file) != NULL) {
        char *rest = NULL;
        const char *what = strtok_r(line, " \n", &rest);
        if (what == NULL) {
            continue;
        }
        if (strcmp(what, "gpu") == 0) read_gpu(&rest);
        else if (strcmp(what, "mig") == 0) read_instance(&rest);
        else if (strcmp(what, "proc") == 0) read_process(&rest);
        else if (strcmp(what, "link") == 0) read_link(&rest);
        else if (strcmp(what, "xid") == 0) read_xid(&rest);
        else {
            const char *value = word(&rest);
            if (value == NULL) continue;
            if (strcmp(what, "driver") == 0) text_of(state.driver, sizeof state.driver, value);
            else if (strcmp(what, "nvml") == 0) text_of(state.nvml, sizeof state.nvml, value);
            else if (strcmp(what, "smi") == 0) text_of(state.smi, sizeof state.smi, value);
            else if (strcmp(what, "init") == 0) state.init = atoi(value);
            else if (strcmp(what, "cuda") == 0) state.cuda = atoi(value);
            else if (strcmp(what, "slow") == 0) state.slow = atol(value);
        }
    }
    fclose(file);
    read_users();
    return 1;
}

static inline void state_end(void) {
    if (state_lock >= 0) {
        close(state_lock);
        state_lock = -1;
    }
    pthread_mutex_unlock(&state_mutex);
}

static inline long now_millis(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline void pause_millis(long millis) {
    struct timespec time = {millis / 1000, millis % 1000 * 1000000};
    nanosleep(&time, NULL);
}

/* Blocks as the state says, without the lock; a state that says otherwise ends it. Called, and returns, with the lock. */
static inline void be_slow(int number) {
    long began = now_millis();
    for (;;) {
        struct gpu *g = gpu_of(number);
        long slow = g != NULL && g->slow > state.slow ? g->slow : state.slow;
        long left = slow - (now_millis() - began);
        if (left <= 0) {
            return;
        }
        state_end();
        pause_millis(left < 10 ? left : 10);
        state_begin();
    }
}

/* Bytes in use on a GPU (or one instance of it), and what is free. */
static inline uint64_t used_on(const struct gpu *g, int slot) {
    uint64_t used = slot == NO_SLOT ? g->base : g->instances[slot].base;
    for (int i = 0; i < state.processes; i++) {
        const struct process *p = &state.process[i];
        if (p->gpu == g->number && (slot == NO_SLOT || p->slot == slot) && p->memory != UINT64_MAX) {
            used += p->memory;
        }
    }
    return used;
}

static inline uint64_t free_on(const struct gpu *g, int slot) {
    uint64_t total = slot == NO_SLOT ? g->total - g->reserved : g->instances[slot].total;
    uint64_t used = used_on(g, slot);
    return used > total ? 0 : total - used;
}

/* Says what this process uses now, in place of what it said before; bytes 0 for a card: nothing. With the lock. */
static inline void say_use(int cards, const int *gpu, const int *slot, const uint64_t *bytes) {
    char path[PATH_MAX], file[PATH_MAX + 64];
    state_path(path, sizeof path, ".procs");
    mkdir(path, 0777);
    snprintf(file, sizeof file, "%s/%d-%llu", path, getpid(), started(getpid()));
    FILE *lines = fopen(file, "we");
    int any = 0;
    for (int i = 0; lines != NULL && i < cards; i++) {
        if (bytes[i] > 0) {
            fprintf(lines, "%d %d %llu\n", gpu[i], slot[i], (unsigned long long) bytes[i]);
            any = 1;
        }
    }
    if (lines != NULL) {
        fclose(lines);
    }
    if (!any) {
        unlink(file);
    }
}

/* One card that CUDA_VISIBLE_DEVICES shows. */
struct visible {
    int gpu, slot;
};

/*
 * What CUDA makes of the variable: unset all, empty none; the first entry that is no card ends the list, and one that stands
 * twice leaves none at all. A split GPU shows only by its instances, and one instance only.
 */
static inline int visible_cards(struct visible *cards) {
    const char *list = getenv("CUDA_VISIBLE_DEVICES");
    int count = 0;
    if (list == NULL) {
        for (int i = 0; i < state.gpus; i++) {
            cards[count++] = (struct visible) {state.gpu[i].number, NO_SLOT};
        }
        return count;
    }
    char copy[2048], *rest = NULL;
    snprintf(copy, sizeof copy, "%s", list);
    for (char *entry = strtok_r(copy, ",", &rest); entry != NULL && count < MOST_GPUS; entry = strtok_r(NULL, ",", &rest)) {
        struct visible found = {-1, NO_SLOT};
        int fits = 0;
        char *end = NULL;
        long index = strtol(entry, &end, 10);
        size_t length = strlen(entry);
        if (*end == 0 && end != entry) {
            if (index >= 0 && index < state.gpus) {
                found.gpu = state.gpu[index].number;
                fits = 1;
            }
        } else if (strncmp(entry, "GPU-", 4) == 0 && length > 4) {
            for (int i = 0; i < state.gpus; i++) {
                if (strncmp(state.gpu[i].uuid, entry, length) == 0) {
                    found.gpu = state.gpu[i].number;
                    fits++;
                }
            }
        } else if (strncmp(entry, "MIG-", 4) == 0) {
            for (int i = 0; i < state.gpus; i++) {
                for (int slot = 0; slot < MOST_SLOTS; slot++) {
                    if (state.gpu[i].instances[slot].there && strcmp(state.gpu[i].instances[slot].uuid, entry) == 0) {
                        found = (struct visible) {state.gpu[i].number, slot};
                        fits++;
                    }
                }
            }
        }
        if (fits != 1) {
            break;
        }
        for (int i = 0; i < count; i++) {
            if (cards[i].gpu == found.gpu && cards[i].slot == found.slot) {
                return 0;
            }
        }
        cards[count++] = found;
        if (found.slot != NO_SLOT) {
            break;
        }
    }
    return count;
}

/* "10GiB", "300MiB", "4096". */
static inline uint64_t bytes_of(const char *text) {
    char *unit = NULL;
    double number = strtod(text, &unit);
    if (strncmp(unit, "GiB", 3) == 0) return (uint64_t) (number * (1ULL << 30));
    if (strncmp(unit, "MiB", 3) == 0) return (uint64_t) (number * (1ULL << 20));
    if (strncmp(unit, "KiB", 3) == 0) return (uint64_t) (number * (1ULL << 10));
    return (uint64_t) number;
}

#endif
