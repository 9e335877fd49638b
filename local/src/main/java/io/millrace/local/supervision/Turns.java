package io.millrace.local.supervision;

import java.util.concurrent.Semaphore;

/** Lets so many starts go on at once; the others wait, and come in the order in which they asked. */
final class Turns {

    private final Semaphore free;

    Turns(int atOnce) {
        free = new Semaphore(atOnce, true);
    }

    /** The same start, when it is its turn. */
    Concurrently.Start inTurn(Concurrently.Start start) {
        return () -> {
            free.acquire();
            try {
                start.run();
            } finally {
                free.release();
            }
        };
    }
}
