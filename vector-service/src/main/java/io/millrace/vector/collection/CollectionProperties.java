package io.millrace.vector.collection;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param data the folder of the indexes and of the copy of the collections
 * @param collectionPoll how long until a collection that another replica was told about is known here
 * @param exactUpTo up to how many matching points a search compares them all
 * @param defaultEf candidates a graph search keeps when the query does not say
 * @param searchThreads threads that search; 0 means one per core
 * @param searchQueue searches that may wait for a thread
 * @param retireAfter how long a generation that is not among the newest two stays after its last search
 * @param maxGenerations of a collection; the oldest beyond it goes even if it is searched
 */
@ConfigurationProperties("millrace.vector")
record CollectionProperties(
        @DefaultValue(".millrace/vector") Path data,
        @DefaultValue("1s") Duration collectionPoll,
        @DefaultValue("5000") int exactUpTo,
        @DefaultValue("100") int defaultEf,
        @DefaultValue("0") int searchThreads,
        @DefaultValue("256") int searchQueue,
        @DefaultValue("10m") Duration retireAfter,
        @DefaultValue("6") int maxGenerations) {

    CollectionProperties {
        if (maxGenerations < 2 || retireAfter.isNegative()) {
            throw new IllegalArgumentException(
                    "millrace.vector: max-generations is at least 2, retire-after is not negative");
        }
        if (exactUpTo < 1 || defaultEf < 1 || searchThreads < 0 || searchQueue < 1 || !collectionPoll.isPositive()) {
            throw new IllegalArgumentException(
                    "millrace.vector: exact-up-to, default-ef, search-queue and collection-poll are positive, search-threads is not negative");
        }
    }
}
