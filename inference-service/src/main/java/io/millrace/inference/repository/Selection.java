package io.millrace.inference.repository;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Which of the repository's models are loaded. */
sealed interface Selection {

    /** All of them, as they come and go: Triton's model control mode {@code poll}. */
    record Everything() implements Selection {
        @Override
        public boolean wants(String model) {
            return true;
        }

        @Override
        public void add(String model) {}

        @Override
        public void remove(String model) {}
    }

    /** Those that were asked for: Triton's {@code explicit}. New versions of them are still taken up as they come. */
    final class OnDemand implements Selection {

        private final Set<String> wanted = ConcurrentHashMap.newKeySet();

        OnDemand(Collection<String> atStart) {
            wanted.addAll(atStart);
        }

        @Override
        public boolean wants(String model) {
            return wanted.contains(model);
        }

        @Override
        public void add(String model) {
            wanted.add(model);
        }

        @Override
        public void remove(String model) {
            wanted.remove(model);
        }
    }

    boolean wants(String model);

    void add(String model);

    void remove(String model);
}
