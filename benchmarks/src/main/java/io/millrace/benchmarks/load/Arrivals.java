package io.millrace.benchmarks.load;

import java.util.Random;
import java.util.stream.LongStream;

/**
 * When requests are to be sent: decided before the first one, so that a slow answer delays none.
 *
 * @param nanos since the start, ascending
 */
record Arrivals(long[] nanos) {

    /**
     * Independent callers: the gaps between requests are exponential, from a fixed seed.
     *
     * @param rate requests per second, on average
     */
    static Arrivals poisson(double rate, int requests, long seed) {
        var random = new Random(seed);
        var at = new long[1];
        return new Arrivals(LongStream.generate(() -> at[0] += (long) (-Math.log1p(-random.nextDouble()) / rate * 1e9))
                .limit(requests)
                .toArray());
    }
}
