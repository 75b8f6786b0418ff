/** Tests of the building itself: rooms, rules for tests, and the packaged file. */
package gpuspool.build;
