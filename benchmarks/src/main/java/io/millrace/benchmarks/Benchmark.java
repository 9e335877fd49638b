package io.millrace.benchmarks;

import java.io.IOException;
import java.util.List;

/**
 * Something that {@code ./millrace bench NAME} measures. What it compares with, and how much it runs, is fixed in its
 * code: its figures are comparable only as long as nobody changes them.
 */
public interface Benchmark {

    /** The word on the command line. */
    String name();

    /** Its arguments, and what it measures in one sentence. */
    Usage usage();

    /**
     * Measures, and prints what it found.
     *
     * @param millrace the one to measure, where the benchmark is about a running one
     * @return whether the figures count: false where answers failed that should not have
     * @throws IllegalArgumentException that says what is wrong with the arguments
     */
    boolean run(Target millrace, List<String> arguments) throws IOException, InterruptedException;

    /** What the list of benchmarks says about one. */
    record Usage(String arguments, String measures) {}
}
