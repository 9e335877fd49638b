package io.millrace.vector.collection;

/** The name of a collection, and whose it is. */
public record CollectionId(String tenant, String name) {

    /** The tenant of callers that name none. */
    public static final String DEFAULT_TENANT = "default";

    @Override
    public String toString() {
        return tenant + "/" + name;
    }
}
