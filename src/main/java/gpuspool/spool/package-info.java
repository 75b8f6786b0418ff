/**
 * The tree that is the truth: layout, claiming, marks, status records, filing and requests. Every change to the spool is
 * made here.
 */
package gpuspool.spool;
