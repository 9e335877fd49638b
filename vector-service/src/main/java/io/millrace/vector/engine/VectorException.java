package io.millrace.vector.engine;

/** What a caller of vector-service can meet. The message says what to change. */
public abstract sealed class VectorException extends RuntimeException {

    private VectorException(String message) {
        super(message);
    }

    /** There is no such collection. */
    public static final class UnknownCollection extends VectorException {
        public UnknownCollection(String collection) {
            super("there is no collection \"" + collection + "\"");
        }
    }

    /** The collection holds no points of this embedding space. */
    public static final class UnknownEmbeddingSpace extends VectorException {
        public UnknownEmbeddingSpace(String collection, String embeddingSpace) {
            super(
                    embeddingSpace.isEmpty()
                            ? "collection \"" + collection + "\" has no points yet"
                            : "collection \"" + collection + "\" has no points of the embedding space \""
                                    + embeddingSpace + "\"");
        }
    }

    /** A query does not fit its collection. */
    public static final class InvalidQuery extends VectorException {

        private final String pointer;

        public InvalidQuery(String pointer, String message) {
            super(message);
            this.pointer = pointer;
        }

        /** The wrong part of the query, as a JSON pointer. */
        public String pointer() {
            return pointer;
        }
    }

    /** A point does not fit its collection. */
    public static final class InvalidPoint extends VectorException {
        public InvalidPoint(String message) {
            super(message);
        }
    }

    /** A collection cannot be defined like this. */
    public static final class InvalidDefinition extends VectorException {

        private final String pointer;

        public InvalidDefinition(String pointer, String message) {
            super(message);
            this.pointer = pointer;
        }

        /** The wrong part of the definition, as a JSON pointer. */
        public String pointer() {
            return pointer;
        }
    }

    /** The collection is there with another definition. */
    public static final class DefinitionConflict extends VectorException {
        public DefinitionConflict(String message) {
            super(message);
        }
    }

    /** Too many searches wait already. */
    public static final class Overloaded extends VectorException {
        public Overloaded() {
            super("too many searches are waiting; try again in a moment");
        }
    }

    /** The deadline passed before there was an answer. */
    public static final class DeadlineExceeded extends VectorException {
        public DeadlineExceeded() {
            super("the deadline passed before the search was done");
        }
    }

    /** Something that this needs is away. */
    public static final class Unavailable extends VectorException {
        public Unavailable(String message) {
            super(message);
        }

        public Unavailable(String message, Throwable cause) {
            super(message);
            initCause(cause);
        }
    }
}
