/*
 * Plays nvidia-smi on the state of fake_gpus.h: -L, --query-gpu=…, --query-compute-apps=…, -i UUID|INDEX|PCI. "smi TEXT" in the
 * state makes it print that and nothing else, with exit status 0.
 */
#define _GNU_SOURCE
#define FAKE_PROGRAM
#include "fake_gpus.h"

static int units = 1;

static const char *error_text(int rc) {
    switch (rc) {
        case 4: return "Insufficient Permissions";
        case 9:
            return "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest "
                   "NVIDIA driver is installed and running.";
        case 12: return "NVIDIA-SMI couldn't find libnvidia-ml.so library in your system.";
        case 15: return "GPU is lost.  Reboot the system to recover this GPU";
        case 16: return "GPU requires reset";
        case 18: return "Failed to initialize NVML: Driver/library version mismatch";
        default: return "Unknown Error";
    }
}

static void number(long value, const char *unit) {
    if (value < 0) {
        printf("[N/A]");
    } else {
        printf("%ld%s%s", value, units ? " " : "", units ? unit : "");
    }
}

static void mebibytes(const struct gpu *g, uint64_t bytes) {
    if (g->memory_rc == 4) {
        printf("[Insufficient Permissions]");
    } else {
        number(g->memory_rc != 0 || g->split ? -1 : (long) (bytes >> 20), "MiB");
    }
}

/* Whether there is such a field. */
static int print_field(const struct gpu *g, const char *key) {
    static const char *const modes[] = {"Default", "Exclusive_Thread", "Prohibited", "Exclusive_Process"};
    static const char *const actions[] = {"None", "Reset", "Reboot", "Drain P2P", "Drain and Reset"};
    if (IS("index")) printf("%d", (int) (g - state.gpu));
    else if (IS("uuid") || IS("gpu_uuid")) printf("%s", g->uuid);
    else if (IS("name") || IS("gpu_name")) printf("%s", g->name);
    else if (IS("pci.bus_id") || IS("gpu_bus_id")) printf("%s", g->pci);
    else if (IS("memory.total")) mebibytes(g, g->total);
    else if (IS("memory.used")) mebibytes(g, used_on(g, NO_SLOT));
    else if (IS("memory.free")) mebibytes(g, free_on(g, NO_SLOT));
    else if (IS("memory.reserved")) mebibytes(g, g->reserved);
    else if (IS("utilization.gpu")) number(g->util, "%");
    else if (IS("temperature.gpu")) number(g->temp, "");
    else if (IS("power.draw") && g->power >= 0) printf("%.2f%s", g->power / 1000.0, units ? " W" : "");
    else if (IS("power.limit") && g->limit >= 0) printf("%.2f%s", g->limit / 1000.0, units ? " W" : "");
    else if (IS("enforced.power.limit") && g->limit >= 0) printf("%.2f%s", g->limit / 1000.0, units ? " W" : "");
    else if (IS("power.draw") || IS("power.limit") || IS("enforced.power.limit")) printf("[N/A]");
    else if (IS("compute_mode")) printf("%s", modes[g->mode & 3]);
    else if (IS("persistence_mode")) printf("Enabled");
    else if (IS("mig.mode.current")) printf("%s", g->slots == 0 ? "[N/A]" : g->split ? "Enabled" : "Disabled");
    else if (IS("driver_version")) printf("%s", state.driver);
    else if (IS("gpu_recovery_action")) printf("%s", g->recovery < 0 || g->recovery > 4 ? "[N/A]" : actions[g->recovery]);
    else if (IS("count")) printf("%d", state.gpus);
    else return 0;
    return 1;
}

static int print_process_field(const struct gpu *g, const struct process *p, const char *key) {
    char path[64], name[256] = "[Not Found]";
    if (IS("gpu_uuid")) printf("%s", g->uuid);
    else if (IS("gpu_bus_id")) printf("%s", g->pci);
    else if (IS("pid")) printf("%u", p->pid);
    else if (IS("used_gpu_memory") || IS("used_memory")) {
        number(p->memory == UINT64_MAX ? -1 : (long) (p->memory >> 20), "MiB");
    } else if (IS("process_name") || IS("name")) {
        snprintf(path, sizeof path, "/proc/%u/comm", p->pid);
        FILE *comm = fopen(path, "re");
        if (comm != NULL) {
            if (fgets(name, sizeof name, comm) != NULL) {
                name[strcspn(name, "\n")] = 0;
            }
            fclose(comm);
        }
        printf("%s", name);
    } else return 0;
    return 1;
}

/* Prints a line of the fields that a list names; the first that does not exist ends all. */
static void line(const struct gpu *g, const struct process *p, const char *fields) {
    char copy[1024], *rest = NULL;
    snprintf(copy, sizeof copy, "%s", fields);
    int first = 1;
    for (char *key = strtok_r(copy, ",", &rest); key != NULL; key = strtok_r(NULL, ",", &rest)) {
        printf("%s", first ? "" : ", ");
        first = 0;
        if (p == NULL ? !print_field(g, key) : !print_process_field(g, p, key)) {
            printf("Field \"%s\" is not a valid field to query.\n\n", key);
            exit(2);
        }
    }
    printf("\n");
}

static int is_chosen(const struct gpu *g, const char *chosen) {
    char index[16];
    snprintf(index, sizeof index, "%d", (int) (g - state.gpu));
    return chosen == NULL || strcmp(chosen, index) == 0 || strcmp(chosen, g->uuid) == 0 || strcmp(chosen, g->pci) == 0;
}

int main(int count, char **words) {
    const char *gpus = NULL, *apps = NULL, *chosen = NULL;
    int listing = 0, csv = 0;
    for (int i = 1; i < count; i++) {
        const char *option = words[i];
        if (strcmp(option, "-L") == 0 || strcmp(option, "--list-gpus") == 0) listing = 1;
        else if (strncmp(option, "--query-gpu=", 12) == 0) gpus = option + 12;
        else if (strncmp(option, "--query-compute-apps=", 21) == 0) apps = option + 21;
        else if (strncmp(option, "--format=", 9) == 0) {
            csv = strstr(option, "csv") != NULL && strstr(option, "noheader") != NULL;
            units = strstr(option, "nounits") == NULL;
        } else if ((strcmp(option, "-i") == 0 || strcmp(option, "--id") == 0) && i + 1 < count) chosen = words[++i];
        else if (strncmp(option, "--id=", 5) == 0) chosen = option + 5;
        else {
            printf("Invalid combination of input arguments. Please run 'nvidia-smi -h' for help.\n\n");
            return 2;
        }
    }
    state_begin();
    be_slow(-1);
    if (state.smi[0] != 0) {
        printf("%s\n", state.smi);
        return 0;
    }
    if (state.init != 0) {
        printf("%s\n", error_text(state.init));
        return state.init == 999 ? 255 : state.init;
    }
    if (!listing && !csv) {
        printf("fake nvidia-smi: -L, or a query with --format=csv,noheader[,nounits]\n");
        return 2;
    }
    int rc = 0, any = 0;
    for (int i = 0; i < state.gpus; i++) {
        struct gpu *g = &state.gpu[i];
        if (!is_chosen(g, chosen)) {
            continue;
        }
        any = 1;
        be_slow(g->number);
        int trouble = g->rc != 0 ? g->rc : g->handle_rc;
        if (trouble != 0) {
            printf("Unable to determine the device handle for GPU%s: %s\n", g->pci, error_text(trouble));
            rc = trouble == 999 ? 255 : trouble;
            continue;
        }
        if (listing) {
            printf("GPU %d: %s (UUID: %s)\n", i, g->name, g->uuid);
            for (int slot = 0, shown = 0; slot < MOST_SLOTS; slot++) {
                if (g->split && g->instances[slot].there) {
                    printf("  MIG 1g.%lugb     Device %2d: (UUID: %s)\n",
                           (unsigned long) (g->instances[slot].total >> 30),
                           shown++,
                           g->instances[slot].uuid);
                }
            }
        }
        if (gpus != NULL) {
            line(g, NULL, gpus);
        }
        for (int k = 0; apps != NULL && k < state.processes; k++) {
            if (state.process[k].gpu == g->number && state.process[k].kind != 'g') {
                line(g, &state.process[k], apps);
            }
        }
    }
    if (!any && chosen != NULL) {
        printf("No devices were found\n");
        return 6;
    }
    state_end();
    return rc;
}
