package io.bertfinetune.optim;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an {@link Optimizer} wants a parameter and its states to become.
 *
 * @param value the parameter's new value
 * @param states the new value of each state, by name
 */
public record Update(Expr value, Map<String, Expr> states) {
    /**
     * Keeps the order of the states.
     *
     * @param value the parameter's new value
     * @param states the new value of each state, by name
     */
    public Update {
        states = Collections.unmodifiableMap(new LinkedHashMap<>(states));
    }

    /**
     * An update that changes no state.
     *
     * @param value the parameter's new value
     * @return the update
     */
    public static Update of(Expr value) {
        return new Update(value, Map.of());
    }

    /**
     * The same update, and the new value of a state.
     *
     * @param name the state, as given to {@link Parameter#state(String)}
     * @param value its new value
     * @return a new update
     */
    public Update state(String name, Expr value) {
        Map<String, Expr> all = new LinkedHashMap<>(states);
        all.put(name, value);
        return new Update(this.value, all);
    }
}
