/*
 * For the jobs of tests: `use-card BYTES SECONDS [GPU]` has so much on a card for so long, or until it is told to end. The card
 * is the first that CUDA_VISIBLE_DEVICES shows, or the one of that number, as a stranger takes it who was told of none.
 *
 * Exit statuses: 2 usage; 3 no card is visible; 4 not enough is free there.
 */
#define _GNU_SOURCE
#define FAKE_PROGRAM
#include "fake_gpus.h"

#include <signal.h>

static volatile sig_atomic_t told;

static void tell(int number) {
    told = number;
}

int main(int count, char **words) {
    if (count < 3) {
        fprintf(stderr, "usage: use-card BYTES SECONDS [GPU]\n");
        return 2;
    }
    struct visible cards[MOST_GPUS];
    uint64_t bytes = bytes_of(words[1]), none = 0;
    struct sigaction action = {.sa_handler = tell};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);

    state_begin();
    int visible = count > 3 ? 1 : visible_cards(cards);
    if (count > 3) {
        cards[0] = (struct visible) {atoi(words[3]), NO_SLOT};
    }
    struct gpu *g = visible == 0 ? NULL : gpu_of(cards[0].gpu);
    if (g == NULL) {
        state_end();
        fprintf(stderr, "use-card: no card is visible\n");
        return 3;
    }
    if (free_on(g, cards[0].slot) < bytes) {
        state_end();
        fprintf(stderr, "use-card: out of memory on card %d\n", g->number);
        return 4;
    }
    say_use(1, &cards[0].gpu, &cards[0].slot, &bytes);
    state_end();

    long until = now_millis() + (long) (strtod(words[2], NULL) * 1000);
    while (!told && now_millis() < until) {
        long left = until - now_millis();
        pause_millis(left < 20 ? (left < 0 ? 0 : left) : 20);
    }
    state_begin();
    say_use(1, &cards[0].gpu, &cards[0].slot, &none);
    state_end();
    return told ? 128 + told : 0;
}
