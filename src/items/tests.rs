//! Descriptions of every paragraph with their near misses, and the words that mislead.

use super::{Aside, Confidence, Items};
use crate::codes::ScheduleB;

fn items() -> &'static Items {
    static ITEMS: std::sync::OnceLock<Items> = std::sync::OnceLock::new();
    ITEMS.get_or_init(|| Items::embedded().unwrap())
}

/// The paragraphs a description is asked about, joined.
fn raised(text: &str) -> String {
    let reading = items().read(text, "", None);
    let all: Vec<String> = reading.raised().map(|found| found.paragraph.to_string()).collect();
    all.join(" ")
}

#[test]
fn every_paragraph_and_its_near_miss() {
    for (text, paragraph, near_miss) in [
        ("Electrolytic cell for fluorine, 80 g/h", "1B999.a", "Electrolytic cell, chlorine"),
        ("Tandem accelerator 2 MV for PIXE", "1B999.b", "Accelerator pedal sensor"),
        ("Turbine governor control cabinet, steam turbine", "1B999.c", "Room thermostat control panel"),
        ("Water chiller, 35 kW, R410A", "1B999.d", "Water chiller, 20 kW, R410A"),
        ("Filament winding machine for tubes", "1B999.e", "Coil winding machine, transformer winding"),
        ("PIPE 10IN SCH40S TP316L", "2A992.a", "PIPE 10IN SCH40 A106 GR.B"),
        ("GATE VLV 10IN CL1500 CF8M", "2A992.b", "GATE VLV 10IN CL1500 WCB"),
        ("Cold isostatic press 200 MPa", "2B999.a", "Hydraulic press 200 t"),
        ("Bellows forming machine DN50-DN300", "2B999.b", "Bellows coupling 40 mm"),
        ("Fiber laser welder 1.5 kW", "2B999.c", "Fiber laser cutter 1.5 kW"),
        ("MIG welding machine 350 A", "2B999.d", "TIG torch 350 A"),
        ("Electron beam welding machine 60 kV", "2B999.e", "Electron microscope 30 kV"),
        ("Monel 400 globe valve 2 in", "2B999.f", "Monel 400 hex bolt M12"),
        ("Ball valve 1 in CF8M 1000 WOG", "2B999.g", "Ball valve 1 in brass 1000 WOG"),
        ("Plate 1.4541 12 mm", "2B999.n", "Plate S355 12 mm"),
        ("Raise boring machine 2.4 m", "2B999.h.1", "Drilling rig, hole diameter 300 mm"),
        ("Nickel electroplating line, barrel", "2B999.i", "Zinc electroplating line, barrel"),
        ("Centrifugal process pump 7.5 HP", "2B999.j", "Centrifugal process pump 3 HP"),
        ("CF63 flange, UHV", "2B999.k", "Vacuum cleaner, 20 l"),
        ("Flow forming machine, two rollers", "2B999.l", "Ring spinning machine, cotton yarn"),
        ("Dynamic balancing machine, two plane, 500 kg rotor", "2B999.m", "Wheel balancing machine, tires"),
        ("LCR meter 2 MHz", "3A992.a", "Energy meter, three phase"),
        (
            "Instrumentation tape recorder, helical, 80 Mbit/s",
            "3A992.b.1",
            "Instrumentation tape recorder, helical, 40 Mbit/s",
        ),
        ("Analog oscilloscope 1 GHz", "3A992.d", "Analog oscilloscope repair"),
        ("Digital oscilloscope 2.5 GS/s 8 bit", "3A992.g", "Digital oscilloscope probe 2.5 GHz"),
        ("Static frequency converter 400 Hz 30 kVA", "3A999.a", "Static frequency converter 50/60 Hz 30 kVA"),
        ("Quadrupole mass spectrometer", "3A999.b", "Mass flow controller 500 sccm"),
        ("Flash X-ray generator 150 kV", "3A999.c", "Camera flash capacitor 330 V"),
        ("Spectroscopy amplifier, NIM", "3A999.d", "Audio amplifier 100 W"),
        ("Digital delay generator 8 ch 250 ps", "3A999.e.1", "Delay relay 10 s"),
        ("Time interval analyzer 8 ch 0.5 ns", "3A999.e.2", "Stopwatch"),
        ("Gas chromatograph with FID", "3A999.f", "HPLC column C18 4.6 x 250 mm"),
        ("Fluxgate magnetometer 10 pT/rtHz at 1 Hz, cesium", "6A996.a", "Hall effect magnetometer IC"),
        ("DC SQUID sensor, thin film", "6A996.b", "Squid rings, frozen"),
    ] {
        let found = raised(text);
        assert!(
            found.split(' ').any(|found| found.starts_with(paragraph)),
            "{text}: {found}, expected {paragraph}"
        );
        let missed = raised(near_miss);
        assert!(!missed.contains(paragraph), "{near_miss}: {missed}");
    }
}

#[test]
fn stricter_neighbors_come_first() {
    for (text, neighbor) in [
        ("Real-time oscilloscope 80 GHz 256 GS/s", "3A002.a.7"),
        ("Digitizer 14 bit 2 GS/s", "3A002.h"),
        ("Signal analyzer 110 GHz", "3A002.c"),
        ("Globe valve, glass lined, DN100", "2B350.g"),
        ("Mag drive pump, PFA lined, 20 m3/h", "2B350.i"),
        ("Hot isostatic press 207 MPa, 500 mm diameter", "2B204"),
        ("Flow forming machine CNC 3 rollers", "2B209"),
        ("Cesium vapor magnetometer 4 pT/rtHz", "6A006"),
        ("Fluorine cell 1 kg/h", "1B225"),
        ("Filament winder, 4 axes", "1B201"),
    ] {
        let found = raised(text);
        assert!(found.starts_with(neighbor), "{text}: {found}, expected {neighbor}");
    }
}

#[test]
fn words_that_mislead() {
    for text in [
        "Seal kit for centrifugal pump 15 kW",
        "Mechanical seal, pump 15 kW",
        "Impeller SS316 for process pump 10 HP",
        "Pumpendichtung SS316 DN50",
        "Jeu de joints pour pompe 15 kW",
        "Salmastra seti pompa için 15 kW",
        "Juego de sellos para bomba 15 kW",
        "Oscilloscope probe 500 MHz",
        "Sonde pour oscilloscope 500 MHz",
        "Carrying case, oscilloscope",
        "HPLC column C18 250 mm",
        "Vial 2 ml for GC autosampler",
        "User manual oscilloscope DSO 1 GHz",
        "Calibration of oscilloscope 1 GHz",
        "Software license for spectrum analyzer",
        "Stainless sink 304 single bowl",
        "Hex bolt M12 SS316",
        "Handheld multimeter",
        "UPS 10 kVA 50/60 Hz",
        "Garden pump 6 HP",
        "Marine compass",
        "Spare parts for mass spectrometer",
        "Valve positioner SS316 housing",
        "Pipe clamp SS304 2 in",
        "Diesel engine pump 20 HP",
        "Pump without motor, hand operated",
        "Welding wire ER316L MIG 1.2 mm",
        "Chiller compressor 100 kW",
        "Vacuum flask 304 stainless 1 l",
        "Pressure gauge SS316 tube, 0-100 bar",
        "pH meter, bench",
        "LED tube 1200 mm, end caps 316L",
        "Strainer basket 316",
    ] {
        assert_eq!(raised(text), "", "{text}");
    }
    for (text, paragraph) in [
        ("Micro-ohmmètre 10 A", "3A992.a"),
        ("Time domain cable reflectometer", "3A992.a"),
        ("Swagelok quick-connect body SS-QC4-B-400", "2B999.g"),
        ("LCR meter, bench", "3A992.a"),
    ] {
        assert!(raised(text).contains(paragraph), "{text}: {}", raised(text));
    }
    // What comes with the goods does not make them something else.
    assert!(raised("Oscilloscope 1 GHz 5 GS/s with 4 probes and manual").contains("3A992.g"));
    assert!(raised("Submersible slurry pump 15 kW w/ 20 m cable").contains("2B999.j"));
}

#[test]
fn what_was_set_aside_is_told() {
    let reading = items().read("Centrifugal process pump 3 HP", "", None);
    assert!(reading.candidates.is_empty());
    let aside = reading.set_aside.iter().find(|aside| aside.aside == Aside::Figures).unwrap();
    assert_eq!(aside.paragraph.to_string(), "2B999.j");
    assert!(aside.why.contains("3 HP (2.24 kW), against power >= 5 HP (3.73 kW)"), "{}", aside.why);
}

#[test]
fn a_tariff_code_alone_is_little_and_never_clears() {
    let code = ScheduleB::read("9027.81.0000");
    let reading = items().read("Instrument type X", "", code.as_ref());
    let found: Vec<_> =
        reading.candidates.iter().map(|found| (found.paragraph.to_string(), found.confidence)).collect();
    assert_eq!(found, [("3A999.b".to_owned(), Confidence::Low)]);
    let other = ScheduleB::read("8516.10.0000");
    let reading = items().read("Digital oscilloscope 2.5 GS/s", "", other.as_ref());
    assert!(reading.raised().any(|found| found.paragraph.to_string() == "3A992.g"));
}

#[test]
fn the_item_number_may_be_the_model() {
    let reading = items().read("Oscilloscope", "DSOX4054A", None);
    let found = reading.raised().next().unwrap();
    assert_eq!(found.paragraph.to_string(), "3A992.g");
    assert!(found.model.as_ref().is_some_and(|(maker, verified)| maker.contains("Keysight") && !verified));
    assert_eq!(raised("Oscilloscope 100 MHz"), "3A992.a");
}

#[test]
fn earth_moving_words_and_headings() {
    for text in ["Hydraulic excavator, mining, 90 t", "WHEEL-LOADERS 980", "Bagger 40 t"] {
        assert!(raised(text).contains("2B999.h.2"), "{text}");
    }
    let code = ScheduleB::read("8429.52.1050");
    let reading = items().read("Machine", "", code.as_ref());
    assert_eq!(reading.candidates[0].paragraph.to_string(), "2B999.h.2");
}
