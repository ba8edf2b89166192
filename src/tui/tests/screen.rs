//! Whole screens.
use super::stage::Stage;

#[test]
fn look() {
    for (c, r) in [(120, 40), (80, 24), (60, 15), (50, 10)] {
        let mut s = Stage::new(c, r);
        println!("{}\n=====", s.screen());
        s.keys("]f]f]f");
        println!("{}\n=====", s.screen());
        if c > 50 {
            s.keys("<tab>");
            println!("{}\n=====", s.screen());
            s.keys("<tab>");
            println!("{}\n=====", s.screen());
            s.keys("<tab>vjja");
            println!("{}\n=====", s.screen());
        }
    }
}
