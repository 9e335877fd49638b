package io.millrace.inference.runtime;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The C library's heap, from which engines take their memory. What they free stays with the process until it is trimmed, so
 * that a service whose models are exchanged would grow for a long time.
 */
final class NativeHeap {

    /** {@code int malloc_trim(size_t pad)} of glibc; other C libraries have none, and keep less. */
    private static final Optional<MethodHandle> TRIM = Linker.nativeLinker()
            .defaultLookup()
            .find("malloc_trim")
            .map(function -> Linker.nativeLinker()
                    .downcallHandle(function, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG)));

    private NativeHeap() {}

    /** Gives back to the system what is free. Takes some milliseconds. */
    static void trim() {
        if (TRIM.isPresent()) {
            try {
                int _ = (int) TRIM.get().invokeExact(0L);
            } catch (Throwable e) {
                // The signature of a handle says that it may throw anything; this function throws nothing.
                throw new IllegalStateException("malloc_trim failed", e);
            }
        }
    }
}
