/**
 * The engine in plain Java: the reference that every other one is tested against, and the quickest
 * for work that is over before vector code is compiled.
 */
package org.farfit.engine.scalar;
