package io.millrace.app.definition;

/** Where something is written, both counted from 1. */
public record Place(int line, int column) {

    @Override
    public String toString() {
        return "line " + line + ", column " + column;
    }
}
