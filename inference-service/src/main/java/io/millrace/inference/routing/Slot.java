package io.millrace.inference.routing;

import java.util.concurrent.ThreadLocalRandom;

/**
 * One of {@value #COUNT} parts of the callers, by which weights are shared out. A caller's key always falls into the same one, so
 * that a caller stays where it is while weights change for others.
 */
public final class Slot {

    static final int COUNT = 10_000;

    private Slot() {}

    /** The same for the same key everywhere: FNV-1a of its characters, then the mixing of MurmurHash3. */
    static int of(String key) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < key.length(); i++) {
            hash = (hash ^ key.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return (int) Long.remainderUnsigned(hash ^ (hash >>> 33), COUNT);
    }

    static int any() {
        return ThreadLocalRandom.current().nextInt(COUNT);
    }
}
